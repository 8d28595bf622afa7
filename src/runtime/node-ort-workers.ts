// Which worker an engine has in Node: one for all devices.
import { scriptAddress, startWorker, Worker } from '../platform/node/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'
import type { DeviceRequest } from './engine.js'

/** The device of an engine that is made without one. */
export const DEFAULT_DEVICE: DeviceRequest = 'cpu'

/** Whether ONNX Runtime may have kernels for images in blocks of channels: its native builds do on most processors. */
export const MAY_BLOCK = true

/** @param worker the script of an engine's worker, as a path or an address; default the one beside this. */
export function startOrtWorker(
  _device: DeviceRequest,
  listener: WorkerListener,
  worker?: string | URL
): WorkerHandle {
  const started =
    worker === undefined
      ? new Worker(new URL('./ort-node-worker.js', import.meta.url), { type: 'module' })
      : new Worker(scriptAddress(worker), { type: 'module' })
  return startWorker(started, listener)
}
