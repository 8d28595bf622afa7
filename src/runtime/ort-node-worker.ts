// The worker behind an engine in Node: the only file that touches onnxruntime-node. It answers one question at a time,
// in order, and a failure is an answer like any other.
import { parentPort } from 'node:worker_threads'
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { ownBuffer, type DType } from '../tensor/dtype.js'
import type { Device, DeviceRequest } from './engine.js'
import type { Calls, Request, Response, WireTensor, WireTensors } from './protocol.js'

// Errors are thrown and told; what else the runtime logs is nobody's concern.
env.logLevel = 'fatal'

const sessions = new Map<number, InferenceSession>()

async function load({
  session,
  onnx,
  weights,
  device,
  threads
}: Calls['load']['argument']): Promise<Calls['load']['result']> {
  const externalData = weights.map(({ name, data }) => ({ path: name, data }))
  const create = async (on: Device): Promise<void> => {
    const created = await InferenceSession.create(onnx, {
      executionProviders: [on],
      graphOptimizationLevel: 'all',
      externalData,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      logSeverityLevel: 4
    })
    sessions.set(session, created)
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

async function run({ session, inputs }: Calls['run']['argument']): Promise<Calls['run']['result']> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, wire]) => [name, fromWire(wire)]))
  const results = await find(session).run(feeds)
  const outputs = Object.fromEntries(Object.entries(results).map(([name, value]) => [name, toWire(value)]))
  return { outputs, spare: buffersOf(inputs) }
}

function fromWire({ dtype, data, shape }: WireTensor): Tensor {
  if (dtype === 'bfloat16') throw new Error('ONNX Runtime takes no bfloat16 from JavaScript')
  return new Tensor(dtype, data as Tensor['data'], shape)
}

function toWire({ type, data, dims }: Tensor): WireTensor {
  if (!isDType(type) || Array.isArray(data))
    throw new Error(`an output is of type ${type}, which no tensor has`)
  return { dtype: type, shape: [...dims], data: data as WireTensor['data'] }
}

function isDType(type: string): type is DType {
  return ['float32', 'float64', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'].includes(type)
}

async function release({ session }: Calls['release']['argument']): Promise<Calls['release']['result']> {
  await sessions.get(session)?.release()
  sessions.delete(session)
  return null
}

function find(session: number): InferenceSession {
  const found = sessions.get(session)
  if (!found) throw new Error('The program was disposed of')
  return found
}

function answer(request: Request): Promise<Calls[keyof Calls]['result']> {
  if (request.call === 'load') return load(request.argument)
  if (request.call === 'run') return run(request.argument)
  return release(request.argument)
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
  return result !== null && 'outputs' in result ? [...buffersOf(result.outputs), ...result.spare] : []
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
