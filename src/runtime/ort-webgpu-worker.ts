// The worker behind an engine in a browser, on WebGPU: the only file that touches onnxruntime-web/webgpu. It opens
// the device itself, because the runtime would drop its own, and the state on it, with the last session.
import { messageOf } from '../base/kinds.js'
import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu'
import { answerOwner } from '../platform/browser/workers.js'
import { gpuMemory, openGpu } from './gpu-memory.js'
import { webgpuProvider, type OrtRuntime } from './ort-runtime.js'
import { answersWith } from './ort-worker.js'
import { isKernelThread, threadAdvice, wasmFault, wasmRuntime, WasmSettings } from './wasm-runtime.js'

const wasm = new WasmSettings(env, 'ort-wasm-simd-threaded.asyncify.wasm')

function onGpu(gpu: GPUDevice): OrtRuntime {
  return {
    Tensor,
    InferenceSession,
    memory: gpuMemory(Tensor, gpu),
    candidates: device => (device === 'cpu' ? [] : device === 'auto' ? ['webgpu'] : [device]),
    options(device, { settings, cpuNodes }) {
      if (device !== 'cpu' && device !== 'webgpu') throw new Error('not available in browsers')
      wasm.apply(settings)
      const provider = { ...webgpuProvider(cpuNodes), device: gpu }
      return { executionProviders: [device === 'cpu' ? 'wasm' : provider] }
    },
    // Threads matter on the CPU alone.
    advice: (device, settings) => (device === 'cpu' ? threadAdvice(settings) : []),
    faultOf: error => wasmFault(error, wasm.file)
  }
}

async function open(): Promise<ReturnType<typeof answersWith>> {
  try {
    return answersWith(onGpu(await openGpu()))
  } catch (error) {
    const reason = messageOf(error)
    return answersWith(wasmRuntime({ Tensor, InferenceSession }, wasm, reason))
  }
}

if (!isKernelThread()) {
  const opened = open()
  answerOwner(async message => (await opened)(message))
}
