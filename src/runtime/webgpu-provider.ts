// How ONNX Runtime is asked for WebGPU, in Node and in a browser.
import type { InferenceSession } from 'onnxruntime-common'

/** @param cpuNodes what it has no kernel for. */
export function webgpuProvider(cpuNodes: readonly string[]): InferenceSession.WebGpuExecutionProviderOption {
  // An empty list of names it takes for a fault.
  return cpuNodes.length === 0 ? { name: 'webgpu' } : { name: 'webgpu', forceCpuNodeNames: cpuNodes }
}
