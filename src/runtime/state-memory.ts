// Where a runtime keeps tensors from run to run. Each kind of memory has its own way to read, to replace and to free.
import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import { fromWire, toWire } from './ort-tensors.js'
import type { WireTensor } from './protocol.js'

/** Memory that tensors stay in. */
export interface StateMemory {
  /** Puts a tensor there. */
  keep(wire: WireTensor): Tensor
  /** Copies one out. */
  read(tensor: Tensor): Promise<WireTensor>
  /** Where a run is to write the next value; undefined where it makes its own place. */
  placeFor(now: Tensor): Tensor | undefined
  /** Gives a tensor's memory back. */
  free(tensor: Tensor): void
}

/**
 * Memory of the host.
 * @param writesInPlace whether a run can write into a tensor that is there, and so need none besides two.
 */
export function hostMemory(Tensor: TensorConstructor, writesInPlace: boolean): StateMemory {
  const read = (tensor: Tensor): WireTensor => {
    const wire = toWire(tensor)
    // Runs go on changing the memory it is in.
    return { ...wire, data: wire.data.slice() }
  }
  return {
    keep: wire => fromWire(Tensor, wire),
    read: async tensor => read(tensor),
    placeFor: now => (writesInPlace ? fromWire(Tensor, read(now)) : undefined),
    free: () => undefined
  }
}
