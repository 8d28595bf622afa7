// Engines over ONNX Runtime in a worker: its `run` blocks the calling thread, so that is never the user's.
import {
  aFunction,
  aString,
  checkOptions,
  either,
  instanceOf,
  shown,
  wholeNumber,
  type OptionsOf
} from '../base/options.js'
import { withMemory } from '../base/memory.js'
import { DEFAULT_DEVICE } from '#ort-workers'
import { resolveAddress } from '#platform'
import { ownBuffer } from '../tensor/dtype.js'
import { formatShape, sizeOf, Tensor } from '../tensor/tensor.js'
import {
  DEVICE,
  EngineError,
  type Engine,
  type EngineState,
  type LoadedProgram,
  type NamedTensors,
  type Program,
  type ProgramPort,
  type RunOptions
} from './engine.js'
import { packTensors, SpareBuffers, unpackTensors } from './protocol.js'
import { WorkerClient, WorkerState } from './worker-client.js'

// Each has memory of its own, and waits for the others.
const MOST_THREADS = 256

const OPTIONS = {
  /** Default `cpu`; in a browser `auto`. */
  device: DEVICE,
  /** Threads a kernel may use; default one for each processor core. At most 256; in a browser at most 8, and 1 in a page that is not isolated. */
  threads: wholeNumber(1, MOST_THREADS),
  /**
   * In a browser, the folder that serves ONNX Runtime's `.wasm` files. Default beside the engine's worker, where bundlers
   * put them; never another origin unless it is named here.
   */
  wasm: either(aString, instanceOf(URL)),
  /** The script of the engine's worker, `resnet-ts/worker` bundled, where a bundler has moved it; default the one beside the library. */
  worker: either(aString, instanceOf(URL)),
  /**
   * Called once with a sentence when the requested device is unavailable and another is used, when a page gets only one
   * thread, or when very many networks are open; default `console.warn`.
   */
  onFallback: aFunction<(message: string) => void>()
}

// What a program takes beside its weights, threads included, as the garbage collector should see it.
const PROGRAM_COST = 2 ** 22

/** Options of `createEngine`. */
export interface EngineOptions extends OptionsOf<typeof OPTIONS> {}

const said = new WeakMap<(message: string) => void, Set<string>>()

function sayOnce(listener: (message: string) => void, message: string): void {
  const heard = said.get(listener) ?? new Set()
  said.set(listener, heard)
  if (heard.has(message)) return
  heard.add(message)
  listener(message)
}

/**
 * Makes an engine. Its worker starts at once in the background; a failure is reported by `load`. In a worker thread of
 * your own, end that thread only while nothing is loading or running: ONNX Runtime would abort the process.
 *
 * @example
 * const engine = createEngine({ device: 'auto' })
 * const run = await compile(net, { input: ['N', 3, 224, 224], engine })
 */
export function createEngine(options: EngineOptions = {}): Engine {
  checkOptions('createEngine', options, OPTIONS)
  const { device = DEFAULT_DEVICE, threads, wasm, worker, onFallback = console.warn } = options
  const client = new WorkerClient(device, worker)
  // The worker has another base address, so a relative one is resolved here.
  const settings = { threads, wasm: wasm === undefined ? undefined : resolveAddress(wasm) }
  const release = (session: number): Promise<void> => client.release('release', { session })
  // A program that is no longer referenced is garbage-collected; its session is in the worker, which has to be told.
  const forgotten = new FinalizationRegistry<number>(session => void release(session))
  const dispose = async (): Promise<void> => client.terminate('The engine was disposed of')
  const spare = new SpareBuffers()
  let sessions = 0

  const load = async (program: Program): Promise<LoadedProgram> => {
    if (program.onnx.byteLength === 0) {
      throw new EngineError(
        'The program has no bytes: loading transfers them to the engine, so a program can be loaded once'
      )
    }
    const session = sessions++
    const weights = (program.weights ?? []).map(({ name, data }) => ({ name, data: owned(data) }))
    const onnx = owned(program.onnx)
    const buffers = [onnx, ...weights.map(({ data }) => data)].map(({ buffer }) => buffer)
    const { cpuNodes = [], expectedRuns = 'many', state = [], commitIf = [] } = program
    const argument = { session, onnx, weights, device, settings, cpuNodes, expectedRuns, state, commitIf }
    // This thread's garbage collector does not see the worker's memory and threads, where forgotten programs would pile up.
    // So a program holds a buffer here, which is never touched.
    const cost = buffers.reduce((sum, { byteLength }) => sum + byteLength, PROGRAM_COST)
    const ballast = new Set([
      withMemory(
        cost,
        () => new ArrayBuffer(cost),
        () => 'a network',
        'a smaller network'
      )
    ])
    const loaded = await client.call('load', argument, buffers)
    for (const warning of loaded.warnings) sayOnce(onFallback, warning)
    const disposeProgram = async (): Promise<void> => {
      ballast.clear()
      forgotten.unregister(handle)
      await release(session)
    }
    const handle: LoadedProgram = {
      device: loaded.device,
      async run(inputs: NamedTensors, options: RunOptions = {}) {
        checkInputs(program.inputs, inputs)
        const on = stateFor(program, options.state, client)
        const { wire, buffers: moved } = packTensors(Object.entries(inputs), options.transfer ?? false, spare)
        const result = await client.call('run', { session, inputs: wire, state: on }, moved)
        spare.give(result.spare)
        return Object.fromEntries(unpackTensors(result.outputs))
      },
      dispose: disposeProgram,
      [Symbol.asyncDispose]: disposeProgram
    }
    forgotten.register(handle, session, handle)
    return handle
  }

  return {
    get isOpen() {
      return client.isOpen
    },
    load,
    createState: (tensors, { transfer = false } = {}) => WorkerState.create(client, tensors, transfer),
    dispose,
    [Symbol.asyncDispose]: dispose
  }
}

function stateFor(
  program: Program,
  state: EngineState | undefined,
  client: WorkerClient
): number | undefined {
  if ((program.state ?? []).length === 0) return undefined
  if (state instanceof WorkerState && state.client === client) return state.id
  throw new EngineError('The program has state: run it on one that the same engine made, { state }')
}

/** Bytes in their own buffer, for transfer. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const buffer = ownBuffer(bytes)
  return buffer ? new Uint8Array(buffer) : bytes.slice()
}

/**
 * Checks inputs against a program's ports before they leave the thread, because a kernel's own message would name its
 * internals; every `'N'` has to be the same size.
 * @throws EngineError that lists everything that is wrong.
 */
function checkInputs(ports: readonly ProgramPort[], inputs: NamedTensors): void {
  let batch: number | undefined
  const faultOf = ({ name, dtype, shape }: ProgramPort): string | undefined => {
    const given = inputs[name]
    if (given === undefined) return `input ${name} is missing`
    // JavaScript callers may pass anything.
    if (!(given instanceof Tensor)) return `input ${name}: expected a Tensor, got ${shown(given)}`
    if (given.data.length !== sizeOf(given.shape)) {
      return `input ${name}: its memory was transferred by an earlier run with { transfer: true }`
    }
    const fits =
      given.dtype === dtype &&
      given.shape.length === shape.length &&
      shape.every((dim, axis) => {
        const size = given.shape[axis]
        if (dim !== 'N') return size === dim
        batch ??= size
        return size === batch && size > 0
      })
    return fits ? undefined : `input ${name}: expected ${dtype}${formatShape(shape)}, got ${given.toString()}`
  }
  const known = new Set(ports.map(port => port.name))
  const unknown = Object.keys(inputs).filter(name => !known.has(name))
  const faults = [
    ...ports.flatMap(port => faultOf(port) ?? []),
    ...unknown.map(name => `input ${name} is not known`)
  ]
  if (faults.length > 0) throw new EngineError(faults.join('; '))
}
