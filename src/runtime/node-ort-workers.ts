// Which worker an engine has in Node: one for all devices.
import { startWorker, Worker } from '../platform/node/workers.js'
import type { WorkerHandle, WorkerListener } from '../platform/worker-calls.js'
import type { DeviceRequest } from './engine.js'

/** The device of an engine that is made without one. */
export const DEFAULT_DEVICE: DeviceRequest = 'cpu'

export function startOrtWorker(_device: DeviceRequest, listener: WorkerListener): WorkerHandle {
  return startWorker(
    new Worker(new URL('./ort-node-worker.js', import.meta.url), { type: 'module' }),
    listener
  )
}
