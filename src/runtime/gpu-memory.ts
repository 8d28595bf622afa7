// Tensors that stay on the GPU under WebGPU, and the device they are on.
import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import { bytesOf, itemSize, viewAs } from '../tensor/dtype.js'
import { sizeOf } from '../tensor/tensor.js'
import type { WireTensor } from './protocol.js'
import { hostMemory, type StateMemory } from './ort-runtime.js'

// What ONNX Runtime requests when it creates the device itself.
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

/** A device with everything the adapter offers. @throws Error when there is none. */
export async function openGpu(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('the browser has no WebGPU adapter')
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter(name => adapter.features.has(name)) as GPUFeatureName[],
    requiredLimits: Object.fromEntries(LIMITS.map(name => [name, adapter.limits[name]]))
  })
  void device.lost.then(({ message }) => {
    // Its contents are lost. An uncaught error ends the worker, and its owner is told why.
    setTimeout(() => {
      throw new Error(`the GPU was lost: ${message}`)
    })
  })
  return device
}

/** Memory of the GPU; dtypes that it cannot hold stay on the host. */
export function gpuMemory(Tensor: TensorConstructor, device: GPUDevice): StateMemory {
  const host = hostMemory(Tensor, false)
  return {
    keep: wire =>
      isGpuType(wire.dtype) && wire.data.length > 0 ? upload(Tensor, device, wire) : host.keep(wire),
    read: async tensor => (tensor.location === 'gpu-buffer' ? download(device, tensor) : host.read(tensor)),
    // A buffer of our own: one that the runtime makes is freed with the session that made it.
    placeFor: now => (now.location === 'gpu-buffer' ? allocate(Tensor, device, now) : host.placeFor(now)),
    free: tensor => tensor.dispose()
  }
}

function isGpuType(type: string): type is GpuType {
  return (GPU_TYPES as readonly string[]).includes(type)
}

function upload(Tensor: TensorConstructor, device: GPUDevice, { dtype, data, shape }: WireTensor): Tensor {
  const tensor = allocate(Tensor, device, { type: dtype as GpuType, dims: shape })
  const bytes = new Uint8Array(bufferSize(tensor))
  bytes.set(bytesOf(data))
  device.queue.writeBuffer(tensor.gpuBuffer, 0, bytes)
  return tensor
}

function allocate(Tensor: TensorConstructor, device: GPUDevice, form: Pick<Tensor, 'type' | 'dims'>): Tensor {
  const buffer = device.createBuffer({
    size: bufferSize(form),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  })
  return Tensor.fromGpuBuffer(buffer, {
    dataType: form.type as GpuType,
    dims: form.dims,
    dispose: () => buffer.destroy()
  })
}

// Not by the tensor's own `getData`, which moves the tensor to the host.
async function download(device: GPUDevice, tensor: Tensor): Promise<WireTensor> {
  const size = bufferSize(tensor)
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ })
  try {
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(tensor.gpuBuffer, 0, staging, 0, size)
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const dtype = tensor.type as GpuType
    const data = viewAs(dtype, staging.getMappedRange().slice(0), 0, sizeOf(tensor.dims))
    return { dtype, shape: [...tensor.dims], data }
  } finally {
    staging.destroy()
  }
}

function bufferSize({ type, dims }: Pick<Tensor, 'type' | 'dims'>): number {
  return Math.ceil((sizeOf(dims) * itemSize(type as GpuType)) / GRAIN) * GRAIN
}
