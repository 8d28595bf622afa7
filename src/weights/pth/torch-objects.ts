// The Python names that torch's checkpoints use for weights, and what calling them makes; any other name is opaque.
// Source: torch/_utils.py, torch/_tensor.py, torch/nn/parameter.py; for files before 0.4 also torch/autograd.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import type { DType } from '../../tensor/dtype.js'
import { TYPE_NAMES } from '../bytes.js'
import { NUMPY_GLOBALS } from '../pickle/numpy-objects.js'
import type { PickleHost } from '../pickle/pickle-machine.js'
import { Opaque, PickleGlobal, Tuple, unknownGlobal } from '../pickle/pickle-values.js'
import { PickledTensor, Storage, type Placement } from '../pickle/pickled-tensor.js'
import { PYTHON_GLOBALS } from '../pickle/python-objects.js'
import { BITS_OF, isWide } from '../wide-dtype-names.js'
import { MAX_DIMENSIONS } from './strided.js'

/** A tensor that torch describes by its storage. */
export class TorchTensor extends PickledTensor {
  constructor(placement?: Placement) {
    super()
    this.placement = placement
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

/** Storages of quantized elements, and the integers that they are. */
const QUANTIZED = new Map<string, DType>([
  ['QInt8', 'int8'],
  ['QUInt8', 'uint8'],
  ['QInt32', 'int32']
])
const PER_TENSOR = 'torch.per_tensor_affine'
const PER_CHANNEL = 'torch.per_channel_affine'

const GLOBALS: ReadonlyMap<string, PickleGlobal> = new Map(
  [
    ...PYTHON_GLOBALS,
    ...NUMPY_GLOBALS,
    new PickleGlobal('torch._utils._rebuild_tensor', rebuild),
    new PickleGlobal('torch._utils._rebuild_tensor_v2', rebuild),
    new PickleGlobal('torch._utils._rebuild_tensor_v3', rebuildTyped),
    new StorageType('torch.storage.UntypedStorage', 'uint8'),
    ...Object.keys(BITS_OF).map(name => new PickleGlobal(`torch.${name}`)),
    new PickleGlobal('torch._utils._rebuild_qtensor', rebuildQuantized),
    ...[...QUANTIZED].flatMap(([name, dtype]) => [
      new StorageType(`torch.${name}Storage`, dtype),
      new PickleGlobal(`torch.${name.toLowerCase()}`)
    ]),
    ...[PER_TENSOR, PER_CHANNEL].map(name => new PickleGlobal(name)),
    new PickleGlobal('torch._utils._rebuild_parameter', newTensor),
    new PickleGlobal('torch._utils._rebuild_parameter_with_state', newTensor),
    new PickleGlobal('torch._tensor._rebuild_from_type_v2', rebuildSubclass),
    new PickleGlobal('torch.nn.parameter.Parameter', newTensor),
    new PickleGlobal('torch.nn.parameter.Buffer', newTensor),
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

/** What a name means; a name that weights do not need is opaque. */
export function torchGlobal(name: string): PickleGlobal {
  return GLOBALS.get(name) ?? unknownGlobal(name)
}

export const PLAIN_HOST: PickleHost = {
  global: torchGlobal,
  persistent() {
    throw new Fault('its pickle refers to something outside of it')
  }
}

/** Bytes of an element of a storage that is not read. */
const UNREAD: ReadonlyMap<string, number> = new Map([
  ['torch.ComplexHalfStorage', 4],
  ['torch.ComplexFloatStorage', 8],
  ['torch.ComplexDoubleStorage', 16],
  ['torch.QUInt4x2Storage', 1],
  ['torch.QUInt2x4Storage', 1]
])

/** The length of a storage that is not read, so that the next one is found; undefined where it is unknown. */
export function unreadLength(id: unknown): { readonly key: string; readonly bytes: number } | undefined {
  const [, type, key, , numel] = id instanceof Tuple ? id.items : []
  const itemBytes = type instanceof PickleGlobal ? UNREAD.get(type.name) : undefined
  const count = sizeIn(numel)
  if (itemBytes === undefined || typeof key !== 'string' || count < 0) return undefined
  return { key, bytes: count * itemBytes }
}

/**
 * A storage by its persistent id, which before torch 0.4 may be of a view, or the class of a pickled module.
 * @throws Fault when the id is neither's.
 */
export function storageOf(id: unknown): Storage | Opaque | PickleGlobal {
  const [kind, type, key, , numel, view] = id instanceof Tuple ? id.items : []
  // Beside it stands the source of the class. Nothing is made of either.
  if (kind === 'module' && type instanceof PickleGlobal) return unknownGlobal(type.name)
  // Of a dtype that is not read: no harm beside the weights.
  if (kind === 'storage' && type instanceof PickleGlobal && !(type instanceof StorageType)) {
    return new Opaque(type.name)
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

/** A tensor, or what is known of one whose storage is not read. */
function rebuild(args: readonly unknown[]): TorchTensor | Opaque {
  const [storage] = args
  return storage instanceof Opaque ? storage : new TorchTensor(placementOf(args))
}

/** Since torch 2.1, for dtypes without a storage class of their own: the storage counts bytes, the layout elements. */
function rebuildTyped(args: readonly unknown[]): TorchTensor | Opaque {
  const [storage, , , , , , type] = args
  if (storage instanceof Opaque) return storage
  if (!(storage instanceof Storage && storage.dtype === 'uint8')) {
    throw new Fault('its pickle makes a tensor of a storage that does not count bytes')
  }
  const name = type instanceof PickleGlobal ? type.name.replace('torch.', '') : ''
  if (isWide(name) || TYPE_NAMES.has(name as DType))
    return new TorchTensor({ ...placementOf(args), dtype: name as DType })
  const tensor = new TorchTensor()
  tensor.fault = `is of dtype ${quote(name)}, which is not read: save it as float32 with .float()`
  return tensor
}

/** A quantized tensor: its integers, and how they stand for numbers. */
function rebuildQuantized(args: readonly unknown[]): TorchTensor | Opaque {
  const tensor = rebuild(args)
  if (tensor instanceof Opaque) return tensor
  const quantizer: unknown = args[4]
  const [scheme, scales, zeroPoints, axis] = quantizer instanceof Tuple ? quantizer.items : []
  const kind = scheme instanceof PickleGlobal ? scheme.name : ''
  if (kind === PER_TENSOR && typeof scales === 'number' && typeof zeroPoints === 'number') {
    tensor.quantizer = { scales, zeroPoints, axis: undefined }
  } else if (kind === PER_CHANNEL && scales instanceof PickledTensor && zeroPoints instanceof PickledTensor) {
    tensor.quantizer = { scales, zeroPoints, axis: sizeIn(axis) }
  } else {
    tensor.placement = undefined
    tensor.fault = `is quantized in a way that is not read (${quote(kind)}): save it as float32 with .dequantize()`
  }
  return tensor
}

function newTensor([data]: readonly unknown[]): TorchTensor | Opaque {
  if (data instanceof Opaque) return data
  const tensor = new TorchTensor(data instanceof PickledTensor ? data.placement : undefined)
  if (data instanceof PickledTensor) tensor.quantizer = data.quantizer
  return tensor
}

/** A tensor of a class of one's own: `(function, class, arguments, state)`. */
function rebuildSubclass([make, type, args]: readonly unknown[]): unknown {
  const isMade = make instanceof PickleGlobal && make.call !== undefined && args instanceof Tuple
  if (isMade) return make.call?.(args.items)
  return new Opaque(type instanceof PickleGlobal ? type.name : 'torch._tensor._rebuild_from_type_v2')
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
