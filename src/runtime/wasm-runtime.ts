// ONNX Runtime in a browser on the processor alone: both of its builds can do that, and do it alike.
import type { OrtRuntime } from './ort-runtime.js'
import { hostMemory } from './state-memory.js'
import { wasmFault } from './wasm-faults.js'
import { threadAdvice, type WasmSettings } from './wasm-settings.js'

/** @param noGpu why WebGPU cannot be had. */
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
      if (device !== 'cpu') throw new Error('no browser has it')
      wasm.apply(settings)
      return { executionProviders: ['wasm'] }
    },
    advice: (_device, settings) => threadAdvice(settings),
    faultOf: error => wasmFault(error, wasm.file)
  }
}
