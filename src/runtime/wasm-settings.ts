// How ONNX Runtime's WebAssembly is set up in a browser: how many threads it takes, and where its file is.
import type { Env } from 'onnxruntime-common'
import type { WorkerSettings } from './protocol.js'

// With more the kernels of one picture wait for each other longer than they compute.
const MAX_THREADS = 8

/**
 * Whether this worker is one of those that ONNX Runtime starts for its kernels. They run the script that started them,
 * which is the engine's worker, and must not take messages for its own.
 */
export function isKernelThread(): boolean {
  return self.name.startsWith('em-pthread')
}

/** The runtime's settings, which count from its first session on and for all of them. */
export class WasmSettings {
  readonly file: string
  readonly #env: Env

  /** @param file the name of the runtime's `.wasm` file. */
  constructor(env: Env, file: string) {
    // Errors are thrown and told; what else the runtime logs is nobody's concern.
    env.logLevel = 'fatal'
    this.#env = env
    this.file = file
  }

  apply(settings: WorkerSettings): void {
    this.#env.wasm.numThreads = threadsFor(settings)
    // Without it the file is looked for beside this script, where bundlers put it.
    if (settings.wasm !== undefined)
      this.#env.wasm.wasmPaths = { wasm: new URL(this.file, folder(settings.wasm)) }
  }
}

/** What a user should know who gets one thread and wanted more. */
export function threadAdvice(settings: WorkerSettings): string[] {
  if (crossOriginIsolated || wanted(settings) === 1) return []
  return [
    'Kernels run on one thread, since this page is not isolated from other origins: serve it with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp'
  ]
}

function threadsFor(settings: WorkerSettings): number {
  return crossOriginIsolated ? wanted(settings) : 1
}

function wanted({ threads }: WorkerSettings): number {
  return threads ?? Math.min(navigator.hardwareConcurrency, MAX_THREADS)
}

function folder(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}
