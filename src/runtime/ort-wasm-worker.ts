// The worker behind an engine in a browser, on WebAssembly: the only file that touches onnxruntime-web/wasm.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { answerOwner } from '../platform/browser-workers.js'
import { answersWith } from './ort-worker.js'
import { hostMemory } from './state-memory.js'
import { wasmFault } from './wasm-faults.js'
import { isKernelThread, threadAdvice, WasmSettings } from './wasm-settings.js'

if (!isKernelThread()) {
  const wasm = new WasmSettings(env, 'ort-wasm-simd-threaded.wasm')
  answerOwner(
    answersWith({
      Tensor,
      InferenceSession,
      // A run's results are copied out of WebAssembly's memory in any case.
      memory: hostMemory(Tensor, false),
      candidates: device => (device === 'cpu' || device === 'auto' ? [] : [device]),
      options(device, { settings }) {
        if (device === 'webgpu') throw new Error('this browser has no adapter for it')
        if (device !== 'cpu') throw new Error('no browser has it')
        wasm.apply(settings)
        return { executionProviders: ['wasm'] }
      },
      advice: (_device, settings) => threadAdvice(settings),
      faultOf: error => wasmFault(error, wasm.file)
    })
  )
}
