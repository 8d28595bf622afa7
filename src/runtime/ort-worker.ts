// The worker's end of an engine, whichever build of ONNX Runtime it has. It answers one question at a time, in order, and
// a failure is an answer like any other.
import type { InferenceSession } from 'onnxruntime-common'
import type { Answer } from '../platform/worker.js'
import { ownBuffer } from '../tensor/dtype.js'
import type { Device, StateSlot } from './engine.js'
import { KeptState } from './kept-state.js'
import type { OrtRuntime } from './ort-runtime.js'
import { fromWire, toWire } from './ort-tensors.js'
import type { Calls, Request, Response, WireTensors } from './protocol.js'

interface Loaded {
  readonly session: InferenceSession
  readonly state: readonly StateSlot[]
  readonly commitIf: readonly string[]
}

/** What a worker does with a message: `answerOwner` is to be given it. */
export function answersWith(runtime: OrtRuntime): (message: unknown) => Promise<Answer> {
  const worker = new OrtWorker(runtime)
  return async message => {
    const request = message as Request
    const { id } = request
    try {
      const result = await worker.answer(request)
      return { message: { id, result } satisfies Response, transfer: transferOf(result) }
    } catch (error) {
      const fault = runtime.faultOf?.(error) ?? firstLine(error)
      return { message: { id, fault } satisfies Response, transfer: [] }
    }
  }
}

class OrtWorker {
  readonly #runtime: OrtRuntime
  readonly #sessions = new Map<number, Loaded>()
  readonly #states = new Map<number, KeptState>()

  constructor(runtime: OrtRuntime) {
    this.#runtime = runtime
  }

  async answer(request: Request): Promise<Calls[keyof Calls]['result']> {
    switch (request.call) {
      case 'load':
        return this.#load(request.argument)
      case 'run':
        return this.#run(request.argument)
      case 'release':
        await this.#sessions.get(request.argument.session)?.session.release()
        this.#sessions.delete(request.argument.session)
        return null
      case 'writeState': {
        const { state, tensors } = request.argument
        const kept = this.#states.get(state) ?? new KeptState(this.#runtime.memory)
        kept.write(tensors)
        this.#states.set(state, kept)
        return null
      }
      case 'readState':
        return { tensors: await this.#stateOf(request.argument.state).read(request.argument.names) }
      case 'releaseState':
        this.#states.get(request.argument.state)?.free()
        this.#states.delete(request.argument.state)
        return null
    }
  }

  async #load(argument: Calls['load']['argument']): Promise<Calls['load']['result']> {
    const { device, settings } = argument
    const advice = (on: Device): string[] => this.#runtime.advice?.(on, settings) ?? []
    const reasons: string[] = []
    for (const wanted of this.#runtime.candidates(device)) {
      try {
        await this.#create(wanted, argument)
        return { device: wanted, warnings: advice(wanted) }
      } catch (error) {
        reasons.push(`${wanted}: ${reasonOf(error)}`)
      }
    }
    await this.#create('cpu', argument)
    const missed = device !== 'cpu' && device !== 'auto'
    const fallback = `The device '${device}' cannot be used here, so this runs on the CPU (${reasons.join('; ')})`
    return { device: 'cpu', warnings: [...(missed ? [fallback] : []), ...advice('cpu')] }
  }

  async #create(on: Device, program: Calls['load']['argument']): Promise<void> {
    const { session, onnx, weights, expectedRuns, state, commitIf } = program
    const created = await this.#runtime.InferenceSession.create(onnx, {
      ...this.#runtime.options(on, program),
      // To look for a better program, and to make it, takes as long as several runs.
      graphOptimizationLevel: expectedRuns === 'few' ? 'disabled' : 'all',
      externalData: weights.map(({ name, data }) => ({ path: name, data })),
      logSeverityLevel: 4
    })
    this.#sessions.set(session, { session: created, state, commitIf })
  }

  async #run({ session, inputs, state }: Calls['run']['argument']): Promise<Calls['run']['result']> {
    const { session: created, state: slots, commitIf } = this.#sessionOf(session)
    const kept = slots.length === 0 || state === undefined ? undefined : this.#stateOf(state)
    const { Tensor } = this.#runtime
    const feeds = {
      ...Object.fromEntries(Object.entries(inputs).map(([name, wire]) => [name, fromWire(Tensor, wire)])),
      ...kept?.feeds(slots)
    }
    const places = kept?.places(slots) ?? {}
    const fetches = Object.fromEntries(created.outputNames.map(name => [name, places[name] ?? null]))
    const results = await created.run(feeds, fetches)
    const isState = new Set(slots.map(({ output }) => output))
    const outputs = Object.fromEntries(
      Object.entries(results).flatMap(([name, value]) =>
        isState.has(name) ? [] : [[name, toWire(value)] as const]
      )
    )
    kept?.settle(
      slots,
      results,
      commitIf.every(name => isFinite(outputs[name]))
    )
    return { outputs, spare: buffersOf(inputs) }
  }

  #sessionOf(session: number): Loaded {
    const found = this.#sessions.get(session)
    if (!found) throw new Error('The program was disposed of')
    return found
  }

  #stateOf(state: number): KeptState {
    const found = this.#states.get(state)
    if (!found) throw new Error('The state was disposed of')
    return found
  }
}

function isFinite({ data }: WireTensors[string]): boolean {
  return Array.prototype.every.call(data, Number.isFinite)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}

/** The runtime's reason without the place in its source that it begins with. */
function reasonOf(error: unknown): string {
  return firstLine(error).replace(/^.* was false\. /, '')
}

/** The buffers that tensors have to themselves. */
function buffersOf(tensors: WireTensors): ArrayBuffer[] {
  return [...new Set(Object.values(tensors).flatMap(({ data }) => ownBuffer(data) ?? []))]
}

/** What moves to the other thread with an answer. */
function transferOf(result: Calls[keyof Calls]['result']): ArrayBuffer[] {
  if (result === null) return []
  if ('tensors' in result) return buffersOf(result.tensors)
  return 'outputs' in result ? [...buffersOf(result.outputs), ...result.spare] : []
}
