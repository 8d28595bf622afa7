// The worker behind an engine in a browser, on WebAssembly: the only file that touches onnxruntime-web/wasm.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { answerOwner } from '../platform/browser/workers.js'
import { answersWith } from './ort-worker.js'
import { isKernelThread, wasmRuntime, WasmSettings } from './wasm-runtime.js'

if (!isKernelThread()) {
  const wasm = new WasmSettings(env, 'ort-wasm-simd-threaded.wasm')
  const ort = { Tensor, InferenceSession }
  answerOwner(answersWith(wasmRuntime(ort, wasm, 'the browser has no WebGPU adapter')))
}
