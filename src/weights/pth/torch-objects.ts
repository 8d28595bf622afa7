// The only Python names that a torch checkpoint may use, and their calls. Tensors remain descriptions until they are read.
// Source: torch/_utils.py, torch/_tensor.py, torch/nn/parameter.py; for files before 0.4 also torch/autograd.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import type { DType } from '../../tensor/dtype.js'
import { TYPE_NAMES } from '../bytes.js'
import { dictKey, PickleGlobal, Tuple, Stateful, type PickleHost } from '../pickle/pickle-machine.js'
import { MAX_DIMENSIONS, type Layout } from './strided.js'

/** Stored elements under `key`, or a view of a part of them (torch before 0.4). */
export class Storage {
  /** @param total elements stored under the key, of which the view has `numel` from `offset` on. */
  constructor(
    readonly key: string,
    readonly dtype: DType,
    readonly total: number,
    readonly offset = 0,
    readonly numel = total - offset
  ) {
    if (![total, offset, numel].every(n => Number.isSafeInteger(n) && n >= 0) || offset + numel > total) {
      throw new Fault(`storage ${quote(key)} has ${numel} elements from ${offset} on, of ${total}`)
    }
  }
}

export interface Placement {
  readonly storage: Storage
  readonly layout: Layout
}

export class PickledTensor extends Stateful {
  constructor(public placement?: Placement) {
    super()
  }

  /** State in files before torch 0.4: of a tensor (4 values), a parameter (5) or a parameter's flags (3). */
  setState(state: unknown): void {
    const items = state instanceof Tuple ? state.items : []
    const [first] = items
    if (items.length === 4) this.placement = placementOf(items)
    else if (items.length === 5 && first instanceof PickledTensor) this.placement = first.placement
    else if (items.length !== 3) throw new Fault('its pickle sets a state that no tensor has')
  }
}

/** `torch.FloatStorage` and others, which declare the dtype. */
export class StorageType extends PickleGlobal {
  constructor(
    name: string,
    readonly dtype: DType
  ) {
    super(name)
  }
}

const GLOBALS: ReadonlyMap<string, PickleGlobal> = new Map(
  [
    new PickleGlobal('collections.OrderedDict', orderedDict),
    new PickleGlobal('torch._utils._rebuild_tensor', args => new PickledTensor(placementOf(args))),
    new PickleGlobal('torch._utils._rebuild_tensor_v2', args => new PickledTensor(placementOf(args))),
    new PickleGlobal('torch._utils._rebuild_parameter', newTensor),
    new PickleGlobal('torch.nn.parameter.Parameter', newTensor),
    new PickleGlobal('torch.Tensor', newTensor),
    new PickleGlobal('torch.Size', ([sizes = new Tuple([])]) => sizes),
    ...Array.from(TYPE_NAMES).flatMap(([dtype, { torch: name }]) => [
      ...['torch', 'torch.cuda'].flatMap(module => [
        new StorageType(`${module}.${name}Storage`, dtype),
        new PickleGlobal(`${module}.${name}Tensor`, newTensor)
      ]),
      new PickleGlobal(`torch.${dtype}`)
    ])
  ].map(global => [global.name, global])
)

export function storageName(dtype: DType): string {
  return `${TYPE_NAMES.get(dtype)?.torch}Storage`
}

/** @throws Fault for names that weights do not need. */
export function torchGlobal(name: string): PickleGlobal {
  const global = GLOBALS.get(name)
  if (global !== undefined) return global
  throw new Fault(
    `its pickle names the Python global ${quote(name)}, which no state dict needs and which is not run; ` +
      'save model.state_dict() alone, with tensors of plain dtypes'
  )
}

export const PLAIN_HOST: PickleHost = {
  global: torchGlobal,
  persistent() {
    throw new Fault('its pickle refers to something outside of it')
  }
}

/** A storage by its persistent id, which before torch 0.4 may be of a view. @throws Fault when the id is no storage's. */
export function storageOf(id: unknown): Storage {
  const [kind, type, key, , numel, view] = id instanceof Tuple ? id.items : []
  if (kind === 'module') {
    throw new Fault('holds a whole pickled module; save model.state_dict() instead')
  }
  if (kind !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string') {
    throw new Fault('its pickle refers to something outside of it that is not a storage')
  }
  const [, offset, size] = view instanceof Tuple ? view.items : [undefined, 0, numel]
  return new Storage(key, type.dtype, sizeIn(numel), sizeIn(offset), sizeIn(size))
}

/** @throws Fault unless the system that wrote the file was little-endian. */
export function checkLittleEndian(system: unknown): void {
  if (!(system instanceof Map && system.get('little_endian') === true)) {
    throw new Fault('was not written by a little-endian system')
  }
}

/** A pickle's integer as a size; −1, which is always invalid, for anything else. */
export function sizeIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : -1
}

function orderedDict([pairs = []]: readonly unknown[]): Map<unknown, unknown> {
  if (!Array.isArray(pairs)) throw new Fault('its pickle makes an OrderedDict of something that is no list')
  return new Map(
    pairs.map((value: unknown): [unknown, unknown] => {
      const pair = value instanceof Tuple ? value.items : value
      if (Array.isArray(pair) && pair.length === 2) return [dictKey(pair[0]), pair[1]]
      throw new Fault('its pickle makes an OrderedDict of items that are no pairs')
    })
  )
}

function newTensor([data]: readonly unknown[]): PickledTensor {
  return new PickledTensor(data instanceof PickledTensor ? data.placement : undefined)
}

function placementOf([storage, offset, size, stride]: readonly unknown[]): Placement {
  if (!(storage instanceof Storage && size instanceof Tuple && stride instanceof Tuple)) {
    throw new Fault('its pickle makes a tensor of something that is no storage, size and stride')
  }
  if (Math.max(size.items.length, stride.items.length) > MAX_DIMENSIONS) {
    throw new Fault(`its pickle makes a tensor of more than ${MAX_DIMENSIONS} dimensions`)
  }
  const layout = { offset: sizeIn(offset), size: size.items.map(sizeIn), stride: stride.items.map(sizeIn) }
  return { storage, layout }
}
