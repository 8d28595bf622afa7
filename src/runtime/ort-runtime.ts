// The differences between ONNX Runtime's builds (native, WebAssembly, WebGPU), and where tensors stay between runs.
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common'
import { DTYPE, type DType } from '../tensor/dtype.js'
import type { Device, DeviceRequest } from './engine.js'
import type { Calls, WireTensor, WorkerSettings } from './protocol.js'

/** A build of ONNX Runtime. */
export interface OrtRuntime {
  readonly Tensor: TensorConstructor
  readonly InferenceSession: InferenceSessionFactory
  readonly memory: StateMemory
  /** What to try before the CPU, best first. */
  candidates(device: DeviceRequest): readonly Device[]
  /** A session's options on a device. @throws Error when the device is not there. */
  options(
    device: Device,
    program: Pick<Calls['load']['argument'], 'settings' | 'cpuNodes' | 'state'>
  ): InferenceSession.SessionOptions
  /** What has to be done right before a run. */
  beforeRun?(session: InferenceSession, feeds: InferenceSession.FeedsType): void
  /** Hints for the user about this device, these settings and so many open programs, a sentence each. */
  advice?(device: Device, settings: WorkerSettings, open: number): string[]
  /** A readable message for an error whose own is not. */
  faultOf?(error: unknown): string | undefined
}

/** @param cpuNodes names of the nodes that it has no kernel for. */
export function webgpuProvider(cpuNodes: readonly string[]): InferenceSession.WebGpuExecutionProviderOption {
  // The runtime rejects an empty list of names.
  return cpuNodes.length === 0 ? { name: 'webgpu' } : { name: 'webgpu', forceCpuNodeNames: cpuNodes }
}

export interface StateMemory {
  keep(wire: WireTensor): Tensor
  read(tensor: Tensor): Promise<WireTensor>
  /** A buffer for a run to write the next value to; undefined where the runtime allocates one. */
  placeFor(now: Tensor): Tensor | undefined
  free(tensor: Tensor): void
}

/** Memory of the host; where a run can write into an existing tensor, two buffers are enough. */
export function hostMemory(Tensor: TensorConstructor, writesInPlace: boolean): StateMemory {
  const read = (tensor: Tensor): WireTensor => {
    const wire = toWire(tensor)
    // Later runs overwrite this memory.
    return { ...wire, data: wire.data.slice() }
  }
  return {
    keep: wire => fromWire(Tensor, wire),
    read: async tensor => read(tensor),
    placeFor: now => (writesInPlace ? fromWire(Tensor, read(now)) : undefined),
    free: () => undefined
  }
}

/** Wraps a received tensor without copying it. */
export function fromWire(Tensor: TensorConstructor, { dtype, data, shape }: WireTensor): Tensor {
  if (dtype === 'bfloat16') throw new Error('ONNX Runtime takes no bfloat16 from JavaScript')
  return new Tensor(dtype, data as Tensor['data'], shape)
}

/** Unwraps a session's output without copying it. */
export function toWire({ type, dims, data }: Tensor): WireTensor {
  if (!DTYPE.accepts(type) || Array.isArray(data)) {
    throw new Error(`an output has type ${type}, which is not supported`)
  }
  const { buffer, byteOffset, length } = data as Uint16Array
  // Where JavaScript has Float16Array, the runtime returns one; our tensors hold the raw bits.
  const held = type === 'float16' ? new Uint16Array(buffer, byteOffset, length) : data
  return { dtype: type as DType, shape: [...dims], data: held as WireTensor['data'] }
}
