// ONNX Runtime's WebAssembly, for the processor and for WebGPU: forty megabytes, which stay in their own package until a
// site is served or written. The scripts here were built for exactly the version that package.json names.
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { SiteFolder } from './site.js'

const FILES = ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm']

/** The files at a path of a site. */
export function runtimeFiles(at: string): SiteFolder {
  const { resolve } = createRequire(import.meta.url)
  return { at, folder: dirname(resolve(`onnxruntime-web/${FILES[0]}`)), only: FILES }
}
