// Tensors that stay on the GPU under WebGPU, and the device they are on.
import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import { bytesOf, itemSize, viewAs, type DType } from '../tensor/dtype.js'
import { sizeOf } from '../tensor/tensor.js'
import { fromWire, toWire } from './ort-tensors.js'
import type { WireTensor } from './protocol.js'
import type { StateMemory } from './state-memory.js'

// What ONNX Runtime asks an adapter for when it makes a device itself.
const FEATURES = ['shader-f16', 'subgroups', 'timestamp-query']
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension'
] as const
// The runtime reads and writes buffers in pieces of this many bytes.
const GRAIN = 16
const GPU_TYPES = ['float32', 'float16', 'int32', 'int64'] as const
type GpuType = (typeof GPU_TYPES)[number]

/**
 * A device with all that the adapter gives.
 * @throws Error when there is none.
 */
export async function openGpu(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('this browser has no adapter for it')
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter(name => adapter.features.has(name)) as GPUFeatureName[],
    requiredLimits: Object.fromEntries(LIMITS.map(name => [name, adapter.limits[name]]))
  })
  void device.lost.then(({ message }) => {
    // Nothing that is on it can be had again. An error that nobody catches ends the engine, and its owner hears why.
    setTimeout(() => {
      throw new Error(`the GPU was lost: ${message}`)
    })
  })
  return device
}

/** Memory of the GPU. What it cannot hold stays with the host. */
export function gpuMemory(Tensor: TensorConstructor, device: GPUDevice): StateMemory {
  return {
    keep: wire => upload(Tensor, device, wire),
    read: async tensor => {
      if (tensor.location === 'gpu-buffer') return download(device, tensor)
      const wire = toWire(tensor)
      return { ...wire, data: wire.data.slice() }
    },
    // The same buffer cannot be read and written in one run, and the runtime reuses what is given back.
    placeFor: () => undefined,
    free: tensor => tensor.dispose()
  }
}

function isGpuType(dtype: DType): dtype is GpuType {
  return (GPU_TYPES as readonly DType[]).includes(dtype)
}

function upload(Tensor: TensorConstructor, device: GPUDevice, wire: WireTensor): Tensor {
  const { dtype, data, shape } = wire
  if (!isGpuType(dtype) || data.length === 0) return fromWire(Tensor, wire)
  const bytes = bytesOf(data)
  const buffer = device.createBuffer({
    size: Math.ceil(bytes.byteLength / GRAIN) * GRAIN,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    mappedAtCreation: true
  })
  new Uint8Array(buffer.getMappedRange()).set(bytes)
  buffer.unmap()
  return Tensor.fromGpuBuffer(buffer, {
    dataType: dtype,
    dims: shape,
    dispose: () => buffer.destroy()
  })
}

// Not by the tensor's own `getData`: with it the tensor moves to the host.
async function download(device: GPUDevice, { gpuBuffer, type, dims }: Tensor): Promise<WireTensor> {
  const dtype = type as GpuType
  const count = sizeOf(dims)
  const size = Math.ceil((count * itemSize(dtype)) / GRAIN) * GRAIN
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ })
  try {
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(gpuBuffer, 0, staging, 0, size)
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    return { dtype, shape: [...dims], data: viewAs(dtype, staging.getMappedRange().slice(0), 0, count) }
  } finally {
    staging.destroy()
  }
}
