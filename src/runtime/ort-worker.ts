// The worker's side of an engine, for every build of ONNX Runtime. It answers one question at a time, in order.
import { messageOf } from '../base/kinds.js'
import type { InferenceSession } from 'onnxruntime-common'
import { type Answer, answering } from '../platform/worker-calls.js'
import { ownBuffer } from '../tensor/dtype.js'
import type { Device, Program } from './engine.js'
import { KeptState } from './kept-state.js'
import { fromWire, type OrtRuntime, toWire } from './ort-runtime.js'
import type { Calls, Request, Result, WireTensor, WireTensors } from './protocol.js'

type Loaded = Required<Pick<Program, 'state' | 'commitIf'>> & { readonly session: InferenceSession }

/** A worker's message handler, for `answerOwner`. */
export function answersWith(runtime: OrtRuntime): (message: unknown) => Promise<Answer> {
  const worker = new OrtWorker(runtime)
  return answering((request: Request) => worker.answer(request), {
    transferOf,
    faultOf: error => ({ fault: runtime.faultOf?.(error) ?? firstLine(error) })
  })
}

class OrtWorker {
  readonly #runtime: OrtRuntime
  readonly #sessions = new Map<number, Loaded>()
  readonly #states = new Map<number, KeptState>()

  constructor(runtime: OrtRuntime) {
    this.#runtime = runtime
  }

  async answer({ call, argument }: Request): Promise<Result> {
    switch (call) {
      case 'load':
        return this.#load(argument)
      case 'run':
        return this.#run(argument)
      case 'release':
        await this.#sessions.get(argument.session)?.session.release()
        this.#sessions.delete(argument.session)
        return null
      case 'writeState': {
        const kept = this.#states.get(argument.state) ?? new KeptState(this.#runtime.memory)
        kept.write(argument.tensors)
        this.#states.set(argument.state, kept)
        return null
      }
      case 'readState':
        return { tensors: await found(this.#states, argument.state, 'state').read(argument.names) }
      case 'releaseState':
        this.#states.get(argument.state)?.free()
        this.#states.delete(argument.state)
        return null
    }
  }

  async #load(argument: Calls['load']['argument']): Promise<Calls['load']['result']> {
    const { device, settings } = argument
    const advice = (on: Device): string[] => this.#runtime.advice?.(on, settings, this.#sessions.size) ?? []
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
      // Optimising the program takes as long as several runs.
      graphOptimizationLevel: expectedRuns === 'few' ? 'disabled' : 'all',
      externalData: weights.map(({ name, data }) => ({ path: name, data })),
      logSeverityLevel: 4
    })
    this.#sessions.set(session, { session: created, state, commitIf })
  }

  async #run({ session, inputs, state }: Calls['run']['argument']): Promise<Calls['run']['result']> {
    const { session: created, state: slots, commitIf } = found(this.#sessions, session, 'program')
    const kept = slots.length === 0 || state === undefined ? undefined : found(this.#states, state, 'state')
    const { Tensor } = this.#runtime
    const feeds = {
      ...Object.fromEntries(Array.from(inputs, ([name, wire]) => [name, fromWire(Tensor, wire)])),
      ...kept?.feeds(slots)
    }
    const places = kept?.places(slots) ?? {}
    const fetches = Object.fromEntries(created.outputNames.map(name => [name, places[name] ?? null]))
    this.#runtime.beforeRun?.(created, feeds)
    const results = await created.run(feeds, fetches)
    const isState = new Set(slots.map(({ output }) => output))
    const wanted = Object.entries(results).filter(([name]) => !isState.has(name))
    const outputs = new Map(wanted.map(([name, value]) => [name, toWire(value)]))
    const isGood = commitIf.every(name => isFinite(outputs.get(name)))
    kept?.settle(slots, results, isGood)
    return { outputs, spare: buffersOf(inputs) }
  }
}

function found<T>(kept: ReadonlyMap<number, T>, id: number, what: string): T {
  const it = kept.get(id)
  if (!it) throw new Error(`The ${what} was disposed of`)
  return it
}

function isFinite(tensor: WireTensor | undefined): boolean {
  return tensor !== undefined && Array.prototype.every.call(tensor.data, Number.isFinite)
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]
}

/** The runtime's reason, without the source location that it begins with. */
function reasonOf(error: unknown): string {
  return firstLine(error).replace(/^.* was false\. /, '')
}

/** The buffers that tensors do not share. */
function buffersOf(tensors: WireTensors): ArrayBuffer[] {
  return [...new Set(Array.from(tensors.values()).flatMap(({ data }) => ownBuffer(data) ?? []))]
}

function transferOf(result: Result): ArrayBuffer[] {
  if (result === null) return []
  if ('tensors' in result) return buffersOf(result.tensors)
  return 'outputs' in result ? [...buffersOf(result.outputs), ...result.spare] : []
}
