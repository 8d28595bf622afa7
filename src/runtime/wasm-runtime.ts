// ONNX Runtime on WebAssembly: its settings, its errors, and the runtime on the CPU, which both browser builds contain.
import { messageOf } from '../base/kinds.js'
import type { Env } from 'onnxruntime-common'
import { hostMemory, type OrtRuntime } from './ort-runtime.js'
import type { WorkerSettings } from './protocol.js'

// With more threads, the kernels of a single image wait for each other longer than they compute.
const MAX_THREADS = 8

/** Whether this is a thread of ONNX Runtime's kernels, which runs the engine's script and must not answer for it. */
export function isKernelThread(): boolean {
  return self.name.startsWith('em-pthread')
}

/** The runtime's settings: they take effect with its first session and are shared by all of them. */
export class WasmSettings {
  readonly #env: Env

  constructor(
    env: Env,
    readonly file: string
  ) {
    // Errors are thrown and reported to the owner; the rest of the runtime's log is noise.
    env.logLevel = 'fatal'
    this.#env = env
  }

  apply(settings: WorkerSettings): void {
    this.#env.wasm.numThreads = obstacle() === undefined ? wanted(settings) : 1
    // Without it the file is looked for beside this script, where bundlers put it.
    if (settings.wasm === undefined) return
    const folder = settings.wasm.endsWith('/') ? settings.wasm : `${settings.wasm}/`
    this.#env.wasm.wasmPaths = { wasm: new URL(this.file, folder) }
  }
}

/** A hint for users who get one thread and wanted more. */
export function threadAdvice(settings: WorkerSettings): string[] {
  const reason = obstacle()
  return reason === undefined || wanted(settings) === 1 ? [] : [`Kernels run on one thread, since ${reason}`]
}

/** Why there is only one thread; undefined if threads can share memory. */
function obstacle(): string | undefined {
  if (!crossOriginIsolated) {
    return (
      'this page is not isolated from other origins: serve it with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp'
    )
  }
  // Some builds of WebKit have none in isolated pages either.
  return 'SharedArrayBuffer' in globalThis ? undefined : 'this browser has no SharedArrayBuffer'
}

function wanted({ threads }: WorkerSettings): number {
  return threads ?? Math.min(navigator.hardwareConcurrency, MAX_THREADS)
}

/** The error in one sentence, where the runtime's own message would mean nothing to the user. */
export function wasmFault(error: unknown, file: string): string | undefined {
  const text = messageOf(error)
  if (text.includes('no available backend found')) {
    const where = `serve it beside the engine's worker, or name its folder: createEngine({ wasm })`
    const reason = /Aborted\((.*?)\)\./.exec(text)?.[1] ?? text
    return `ONNX Runtime's ${file} cannot be loaded: ${where} (${reason})`
  }
  // WebAssembly has 32-bit addresses: what does not fit overflows or cannot be allocated. A bare number is a C++ exception.
  const isFull = /bad_alloc|out of memory|Integer overflow|out of bounds|^\d+$/i.test(text)
  return isFull
    ? 'The page has not enough memory for this: a smaller batch or smaller images may fit'
    : undefined
}

/** @param noGpu why WebGPU is unavailable. */
export function wasmRuntime(
  { Tensor, InferenceSession }: Pick<OrtRuntime, 'Tensor' | 'InferenceSession'>,
  wasm: WasmSettings,
  noGpu: string
): OrtRuntime {
  return {
    Tensor,
    InferenceSession,
    // A run's results are copied out of WebAssembly's memory in any case.
    memory: hostMemory(Tensor, false),
    candidates: device => (device === 'cpu' || device === 'auto' ? [] : [device]),
    options(device, { settings }) {
      if (device === 'webgpu') throw new Error(noGpu)
      if (device !== 'cpu') throw new Error('not available in browsers')
      wasm.apply(settings)
      return { executionProviders: ['wasm'] }
    },
    advice: (_device, settings) => threadAdvice(settings),
    faultOf: error => wasmFault(error, wasm.file)
  }
}
