// ONNX Runtime as one platform has it: what differs between its native addon, its WebAssembly and its WebGPU builds.
import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common'
import type { Device, DeviceRequest } from './engine.js'
import type { Calls, WorkerSettings } from './protocol.js'
import type { StateMemory } from './state-memory.js'

/** A build of ONNX Runtime, and what it can do. */
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
  /** What a user should know of running on a device with these settings, a sentence each. */
  advice?(device: Device, settings: WorkerSettings): string[]
  /** An error in words, where its own would tell nobody. */
  faultOf?(error: unknown): string | undefined
}

/** @param cpuNodes what it has no kernel for. */
export function webgpuProvider(cpuNodes: readonly string[]): InferenceSession.WebGpuExecutionProviderOption {
  // An empty list of names it takes for a fault.
  return cpuNodes.length === 0 ? { name: 'webgpu' } : { name: 'webgpu', forceCpuNodeNames: cpuNodes }
}
