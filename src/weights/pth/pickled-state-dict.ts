// Builds a state dict from an unpickled checkpoint: finds the dict, validates every tensor, reads each storage once.
import { Fault } from '../../base/errors.js'
import { abridge, quote } from '../../base/words.js'
import { itemSize, type DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import type { Allowance } from '../bytes.js'
import { describe, Opaque, PickleGlobal, Tuple } from '../pickle/pickle-values.js'
import { bitsOf, isWide } from '../wide-dtype-names.js'
import { PickledTensor, type Placement, type Storage } from '../pickle/pickled-tensor.js'
import { gatherElements, isContiguous } from './gather.js'
import type * as Wider from '../wider-dtypes.js'
import { aligned, checkedTensor, checkLayout, viewElements } from './strided.js'

/** A `.pth` file whose pickle has been read, but not its storages. */
export interface PickledFile {
  readonly root: unknown
  /** The container's name, where it is not torch's. */
  readonly name?: string
  /** Locates a storage and returns a function that reads it. @throws Fault when it is missing. */
  locate(storage: Storage): () => Promise<Uint8Array>
}

/** For files whose arrays are all in the pickle. */
export function outside({ key }: Storage): never {
  throw new Fault(`lacks storage ${quote(key)}`)
}

/**
 * @param entries the weights by name, as `findEntry` finds them.
 * @throws Fault when one of them is no tensor, or does not fit its storage.
 */
export async function stateDictOf(
  entries: ReadonlyMap<unknown, unknown>,
  locate: PickledFile['locate'],
  allowance: Allowance
): Promise<StateDict> {
  const tensors = withSteps(onlyTensors(entries))
  const views = new Map(Array.from(tensors, ([name, tensor]) => [name, viewOf(name, tensor)]))
  const isWidened = [...views.values()].some(({ dtype }) => isWide(dtype))
  if (isWidened) wider ??= await import('../wider-dtypes.js')
  const storages = new Map<unknown, Storage>()
  const readers = new Map<unknown, () => Promise<Uint8Array>>()
  for (const [name, { storage, layout, dtype }] of views) {
    const known = storages.get(placeOf(storage))
    if (known && (known.dtype !== storage.dtype || known.total !== storage.total)) {
      throw new Fault(`storage ${quote(storage.key)} is described twice, and differently`)
    }
    if (!known) {
      const { bytes: held } = storage
      const read = held ? async () => held : locate(storage)
      readers.set(placeOf(storage), async () => aligned(await read(), alignmentOf(storage)))
      allowance.take(storage.total * itemSize(storage.dtype), `storage ${quote(storage.key)}`)
      storages.set(placeOf(storage), storage)
    }
    const elements = sizeOf(layout.size)
    if (!isContiguous(layout)) allowance.take(elements * itemSize(bitsOf(dtype)), quote(name))
    if (isWide(dtype)) allowance.take(wider?.widenedBytes(dtype, elements) ?? 0, quote(name))
    // Each is looked through, and thousands may be views of one storage.
    if (dtype === 'bool') allowance.take(elements, quote(name))
  }
  const bytes = new Map(
    await Promise.all(Array.from(readers, async ([key, read]) => [key, await read()] as const))
  )
  const read = new Map(
    Array.from(views, ([name, { storage, layout, dtype }]): [string, Tensor] => {
      const stored = bytes.get(placeOf(storage)) ?? new Uint8Array(0)
      const elements = isContiguous(layout) ? viewElements : gatherElements
      const bits = elements(bitsOf(dtype), stored, layout)
      if (isWide(dtype) && wider) return [name, wider.widened(name, dtype, bits, layout.size)]
      return [name, checkedTensor(name, new Tensor(bits, layout.size, bitsOf(dtype)))]
    })
  )
  const quantized = [...tensors].filter(([, { quantizer }]) => quantizer !== undefined)
  return quantized.length === 0 ? read : dequantizedIn(read, quantized, allowance)
}

/** With the steps of quantized channels, which are tensors as well, under names that no state dict has. */
function withSteps(tensors: ReadonlyMap<string, PickledTensor>): Map<string, PickledTensor> {
  const all = new Map(tensors)
  for (const [name, { quantizer }] of tensors) {
    for (const part of ['scales', 'zeroPoints'] as const) {
      const steps = quantizer?.[part]
      if (steps instanceof PickledTensor) all.set(stepsOf(name, part), steps)
    }
  }
  return all
}

function stepsOf(name: string, part: 'scales' | 'zeroPoints'): string {
  return `${name}\0${part}`
}

/** The state dict with floats in place of quantized integers, without their steps. */
async function dequantizedIn(
  read: StateDict,
  quantized: readonly (readonly [string, PickledTensor])[],
  allowance: Allowance
): Promise<StateDict> {
  const { dequantized } = await import('./quantized.js')
  for (const [name, { quantizer }] of quantized) {
    const tensor = read.get(name)
    if (tensor === undefined || quantizer === undefined) continue
    allowance.take(4 * tensor.size, quote(name))
    const numbers = (part: 'scales' | 'zeroPoints'): ArrayLike<number> => {
      const steps = quantizer[part]
      if (typeof steps === 'number') return [steps]
      const { data } = read.get(stepsOf(name, part)) ?? { data: [] }
      // Many tensors may name the same ones.
      allowance.take(8 * data.length, quote(name))
      const isWide = data instanceof BigInt64Array
      return isWide ? Array.from(data, Number) : data
    }
    const { axis } = quantizer
    const steps = { scales: numbers('scales'), zeroPoints: numbers('zeroPoints'), axis }
    read.set(name, dequantized(name, tensor, steps))
  }
  for (const [name] of quantized) {
    for (const part of ['scales', 'zeroPoints'] as const) read.delete(stepsOf(name, part))
  }
  return read
}

// Kept, as each further import would be resolved again.
let wider: typeof Wider | undefined

/** A storage that counts bytes may hold elements of any dtype. */
function alignmentOf({ dtype }: Storage): DType {
  return dtype === 'uint8' ? 'int64' : dtype
}

/** What tells storages apart: the bytes themselves where the pickle holds them, else their key. */
function placeOf({ bytes, key }: Storage): unknown {
  return bytes ?? key
}

/** A tensor's elements relative to the stored bytes. */
function viewOf(name: string, tensor: PickledTensor): Required<Placement> {
  if (tensor.placement === undefined) throw new Fault(`${quote(name)} ${tensor.fault}`)
  const { storage, layout, dtype = storage.dtype } = tensor.placement
  const perElement = itemSize(bitsOf(dtype)) / itemSize(storage.dtype)
  checkLayout(layout, Math.floor(storage.numel / perElement), quote(name))
  const offset = storage.offset / perElement + layout.offset
  if (!Number.isInteger(offset)) throw new Fault(`${quote(name)} begins within an element of its storage`)
  return { storage, layout: { ...layout, offset }, dtype }
}

const SHOWN = 3
// torch: `nn.quantized.Linear`.
const PACKED = /_packed_params\.(_packed_params|dtype)$/
// torch: what a module's `get_extra_state` returns, of any type.
const EXTRA = '_extra_state'

/** The weights; values that a script put beside them, such as `epoch`, are left out. */
function onlyTensors(entries: ReadonlyMap<unknown, unknown>): Map<string, PickledTensor> {
  const tensors = new Map<string, PickledTensor>()
  const others: [name: unknown, value: unknown][] = []
  for (const [name, value] of entries) {
    if (typeof name === 'string' && value instanceof PickledTensor) tensors.set(name, value)
    else if (typeof name === 'string' && PACKED.test(name)) {
      // Of a quantized linear layer: its weight and its bias; and the weight's dtype.
      const packed = value instanceof Tuple ? value.items : []
      for (const [index, part] of ['weight', 'bias'].entries()) {
        const held = packed[index]
        if (held instanceof PickledTensor) tensors.set(name.replace(PACKED, part), held)
      }
    } else if (typeof name !== 'string' || !name.endsWith(EXTRA)) others.push([name, value])
  }
  const refused = tensors.size === 0 ? others : others.filter(([name, value]) => !isBeside(name, value))
  if (refused.length === 0) return tensors
  const found = refused.map(
    ([name, value]) => `${typeof name === 'string' ? quote(name) : describe(name)} is ${describe(value)}`
  )
  throw new Fault(`has entries that are not tensors: ${abridge(found, SHOWN)}`)
}

/** Whether a value stands beside weights: a plain one, or an object that no layer's name has. */
function isBeside(name: unknown, value: unknown): boolean {
  if (value instanceof PickledTensor) return false
  return (
    (typeof name === 'string' && !name.includes('.')) ||
    !(value instanceof Opaque || value instanceof PickleGlobal)
  )
}
