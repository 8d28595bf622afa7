// Memory for the copies of a run's outputs. onnxruntime-node copies each output into a new ArrayBuffer after a run, and Node
// aborts the process when that one is not to be had. So as much is set aside before the run, where it can be refused, and
// left to the garbage collector when the run begins: V8 collects before it gives up, and the copies take its place.
import type { InferenceSession } from 'onnxruntime-common'
import { withMemory } from '../base/memory.js'
import { DTYPE, itemSize, type DType } from '../tensor/dtype.js'
import { formatShape, sizeOf } from '../tensor/tensor.js'

// From here on the system maps untouched pages, which take no physical memory; below, Node has room enough.
const MIN_BYTES = 2 ** 25
/** For V8 itself, beside the copies. */
const SLACK = 2 ** 24

type Ports = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>
type Shapes = Readonly<Record<string, { readonly dims: readonly number[] } | undefined>>

interface Output {
  readonly form: string
  readonly bytes: number
}

export class OutputReserve {
  #last: WeakRef<ArrayBuffer> | undefined

  /** Sets memory aside until the next immediate. @throws MemoryError */
  hold(session: Ports, inputs: Shapes): void {
    const outputs = outputsOf(session, inputs)
    const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0)
    if (bytes < MIN_BYTES) return
    const held = new Set([this.#take(bytes, outputs)])
    // The runtime's own run is an immediate too, so it begins right after this one.
    setImmediate(() => held.clear())
  }

  #take(bytes: number, outputs: readonly Output[]): ArrayBuffer {
    const last = this.#last?.deref()
    if (last && last.byteLength >= bytes + SLACK) return last
    const forms = outputs.map(({ form }) => form).join(', ')
    const made = withMemory(
      bytes,
      () => new ArrayBuffer(bytes + SLACK),
      () => (outputs.length === 1 ? `the output ${forms}` : `${outputs.length} outputs`),
      'a smaller batch, smaller images or fewer outputs'
    )
    this.#last = new WeakRef(made)
    return made
  }
}

/** The outputs whose shapes follow from the inputs'. */
export function outputsOf({ inputMetadata, outputMetadata }: Ports, inputs: Shapes): Output[] {
  const sizes = new Map<string, number>()
  for (const port of inputMetadata) {
    const dims = inputs[port.name]?.dims
    if (!port.isTensor || !dims) continue
    port.shape.forEach((dim, axis) => typeof dim === 'string' && sizes.set(dim, dims[axis]))
  }
  return outputMetadata.flatMap(port => {
    if (!port.isTensor || !DTYPE.accepts(port.type)) return []
    const dtype = port.type as DType
    const shape = port.shape.map(dim => (typeof dim === 'string' ? (sizes.get(dim) ?? NaN) : dim))
    const bytes = itemSize(dtype) * sizeOf(shape)
    return bytes >= 0 ? [{ form: `${port.name}, ${dtype}${formatShape(shape)},`, bytes }] : []
  })
}
