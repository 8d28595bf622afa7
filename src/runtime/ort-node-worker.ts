// The worker behind an engine in Node: the only file that touches onnxruntime-node. It answers one question at a time,
// in order, and a failure is an answer like any other.
import { parentPort } from 'node:worker_threads'
import { env, InferenceSession, listSupportedBackends } from 'onnxruntime-node'
import { ownBuffer } from '../tensor/dtype.js'
import type { Device, DeviceRequest, StateSlot } from './engine.js'
import { KeptState } from './kept-state.js'
import { fromWire, toWire } from './ort-tensors.js'
import type { Calls, Request, Response, WireTensors } from './protocol.js'

// Errors are thrown and told; what else the runtime logs is nobody's concern.
env.logLevel = 'fatal'

interface Loaded {
  readonly session: InferenceSession
  readonly state: readonly StateSlot[]
  readonly commitIf: readonly string[]
}

const sessions = new Map<number, Loaded>()
const states = new Map<number, KeptState>()

async function load({
  session,
  onnx,
  weights,
  device,
  threads,
  state,
  commitIf
}: Calls['load']['argument']): Promise<Calls['load']['result']> {
  const externalData = weights.map(({ name, data }) => ({ path: name, data }))
  const create = async (on: Device): Promise<void> => {
    const created = await InferenceSession.create(onnx, {
      executionProviders: [on],
      graphOptimizationLevel: 'all',
      externalData,
      // With it the memory of the first run, which comes before there is a pattern, stays beside that of the others.
      enableMemPattern: state.length === 0,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      logSeverityLevel: 4
    })
    sessions.set(session, { session: created, state, commitIf })
  }
  const reasons: string[] = []
  for (const wanted of candidates(device)) {
    try {
      await create(wanted)
      return { device: wanted, fallback: undefined }
    } catch (error) {
      reasons.push(`${wanted}: ${reasonOf(error)}`)
    }
  }
  await create('cpu')
  const missed = device !== 'cpu' && device !== 'auto'
  const fallback = `The device '${device}' cannot be used here, so this runs on the CPU (${reasons.join('; ')})`
  return { device: 'cpu', fallback: missed ? fallback : undefined }
}

/** What to try before the CPU, best first. */
function candidates(device: DeviceRequest): Device[] {
  if (device === 'cpu') return []
  if (device !== 'auto') return [device]
  // WebGPU is not among them: its adapter may be a software one, which is far slower than the CPU.
  const bundled = listSupportedBackends().map(({ name }) => name)
  return (['cuda', 'coreml', 'dml'] as const).filter(name => bundled.includes(name))
}

async function run({ session, inputs, state }: Calls['run']['argument']): Promise<Calls['run']['result']> {
  const { session: created, state: slots, commitIf } = findSession(session)
  const kept = slots.length === 0 || state === undefined ? undefined : findState(state)
  const feeds = {
    ...Object.fromEntries(Object.entries(inputs).map(([name, wire]) => [name, fromWire(wire)])),
    ...kept?.feeds(slots)
  }
  const places = kept?.places(slots) ?? {}
  const fetches = Object.fromEntries(created.outputNames.map(name => [name, places[name] ?? null]))
  const results = await created.run(feeds, fetches)
  const outputs = Object.fromEntries(
    Object.entries(results).flatMap(([name, value]) =>
      name in places ? [] : [[name, toWire(value)] as const]
    )
  )
  if (commitIf.every(name => isFinite(outputs[name]))) kept?.commit(slots)
  return { outputs, spare: buffersOf(inputs) }
}

function isFinite({ data }: WireTensors[string]): boolean {
  return Array.prototype.every.call(data, Number.isFinite)
}

async function release({ session }: Calls['release']['argument']): Promise<Calls['release']['result']> {
  await sessions.get(session)?.session.release()
  sessions.delete(session)
  return null
}

function findSession(session: number): Loaded {
  const found = sessions.get(session)
  if (!found) throw new Error('The program was disposed of')
  return found
}

function findState(state: number): KeptState {
  const found = states.get(state)
  if (!found) throw new Error('The state was disposed of')
  return found
}

async function answer(request: Request): Promise<Calls[keyof Calls]['result']> {
  switch (request.call) {
    case 'load':
      return load(request.argument)
    case 'run':
      return run(request.argument)
    case 'release':
      return release(request.argument)
    case 'writeState': {
      const { state, tensors } = request.argument
      const kept = states.get(state) ?? new KeptState()
      kept.write(tensors)
      states.set(state, kept)
      return null
    }
    case 'readState':
      return { tensors: findState(request.argument.state).read(request.argument.names) }
    case 'releaseState':
      states.delete(request.argument.state)
      return null
  }
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

async function respond(request: Request): Promise<void> {
  const { id } = request
  const post = (response: Response, transfer: ArrayBuffer[] = []): void =>
    parentPort?.postMessage(response, transfer)
  try {
    const result = await answer(request)
    post({ id, result }, transferOf(result))
  } catch (error) {
    post({ id, fault: firstLine(error) })
  }
}

// `respond` never rejects, so one request's failure cannot break the chain for the next.
let last = Promise.resolve()
parentPort?.on('message', (request: Request) => {
  last = last.then(() => respond(request))
})
