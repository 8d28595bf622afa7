// Which worker an engine has in a browser: the build with WebGPU, or the one of half the size that is faster on the CPU.
import { startWorker } from '../platform/browser/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'
import type { DeviceRequest } from './engine.js'

/** The device of an engine that is made without one. */
export const DEFAULT_DEVICE: DeviceRequest = 'auto'

/** Whether ONNX Runtime may have kernels for images in blocks of channels: its builds for browsers have none. */
export const MAY_BLOCK = false

/** @param worker the script of an engine's worker; default the one beside this. */
export function startOrtWorker(
  device: DeviceRequest,
  listener: WorkerListener,
  worker?: string | URL
): WorkerHandle {
  // Bundlers look for exactly this, with the global `Worker`.
  const start = async (): Promise<Worker> =>
    worker !== undefined
      ? new Worker(worker, { type: 'module' })
      : (await wantsGpu(device))
        ? new Worker(new URL('./ort-webgpu-worker.js', import.meta.url), { type: 'module' })
        : new Worker(new URL('./ort-wasm-worker.js', import.meta.url), { type: 'module' })
  return startWorker(start(), listener)
}

/** Whether WebGPU is requested and available; a software adapter counts only where it is requested by name. */
async function wantsGpu(device: DeviceRequest): Promise<boolean> {
  if (device !== 'webgpu' && device !== 'auto') return false
  try {
    // Missing where the page came over plain HTTP.
    const adapter = (await (navigator.gpu as GPU | undefined)?.requestAdapter()) ?? undefined
    return adapter !== undefined && (device === 'webgpu' || !isSoftware(adapter))
  } catch {
    return false
  }
}

function isSoftware({ info }: GPUAdapter): boolean {
  return info.isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${info.architecture} ${info.description}`)
}
