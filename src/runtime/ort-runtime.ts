// The differences between ONNX Runtime's builds: native, WebAssembly, WebGPU.
import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common'
import type { Device, DeviceRequest } from './engine.js'
import type { Calls, WorkerSettings } from './protocol.js'
import type { StateMemory } from './state-memory.js'

/** A build of ONNX Runtime. */
export interface OrtRuntime {
  readonly Tensor: TensorConstructor
  readonly InferenceSession: InferenceSessionFactory
  /** Where tensors stay between runs. */
  readonly memory: StateMemory
  /** What to try before the CPU, best first. */
  candidates(device: DeviceRequest): readonly Device[]
  /**
   * A session's options on a device.
   * @throws Error when the device is not there.
   */
  options(
    device: Device,
    program: Pick<Calls['load']['argument'], 'settings' | 'cpuNodes' | 'state'>
  ): InferenceSession.SessionOptions
  /** Hints for the user about this device and these settings, a sentence each. */
  advice?(device: Device, settings: WorkerSettings): string[]
  /** A readable message for an error whose own is not. */
  faultOf?(error: unknown): string | undefined
}

/** @param cpuNodes names of the nodes that it has no kernel for. */
export function webgpuProvider(cpuNodes: readonly string[]): InferenceSession.WebGpuExecutionProviderOption {
  // The runtime rejects an empty list of names.
  return cpuNodes.length === 0 ? { name: 'webgpu' } : { name: 'webgpu', forceCpuNodeNames: cpuNodes }
}
