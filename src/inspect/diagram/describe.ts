// Descriptions of ops in the notation of the papers' figures: `3×3 conv, 64, /2`.
import { madeBy, type OpName, type Pair, type Value } from '../../ir/ops.js'
import { sizeOf } from '../../tensor/tensor.js'

/** A box's kind of work, which decides its colour. */
export type NodeRole =
  'input' | 'conv' | 'linear' | 'norm' | 'activation' | 'pool' | 'join' | 'other' | 'group'

export const NODE_ROLES: readonly NodeRole[] = [
  'input',
  'conv',
  'linear',
  'norm',
  'activation',
  'pool',
  'join',
  'other',
  'group'
]

export interface Description {
  readonly title: string
  readonly role: NodeRole
}

const ACTIVATIONS: Partial<Record<OpName, string>> = {
  relu: 'ReLU',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  erf: 'erf'
}

/** Ops that only reshape a value for another op. */
const SHAPING: ReadonlySet<OpName> = new Set(['reshape', 'permute', 'expand', 'pad', 'slice', 'cast'])

const SIGNS: Partial<Record<OpName, string>> = {
  add: '+',
  sub: '−',
  mul: '×',
  div: '÷',
  maximum: 'at least',
  minimum: 'at most'
}

/** Ops applied to a value and itself. */
const WITH_ITSELF: Partial<Record<OpName, string>> = { add: 'double', mul: 'square' }

const NAMES: Partial<Record<OpName, string>> = {
  convTranspose2d: 'transposed conv',
  conv2dWeight: 'weight gradient',
  batchNorm: 'batch norm',
  maxUnpool2d: 'max unpool',
  maxPool2dAt: 'max pool of another',
  maximum: 'maximum',
  minimum: 'minimum'
}

/** Describes a value's op; `others` are its operands that depend on the network's input. */
export function describeOp(value: Value, operands: readonly Value[]): Description {
  const { origin } = value
  if (origin.kind !== 'node') return { title: origin.kind, role: 'other' }
  const { op } = origin
  const pool = pooling(value) ?? reduction(value)
  if (pool !== undefined) return { title: pool, role: 'pool' }
  const title = convolution(value) ?? ACTIVATIONS[op] ?? arithmetic(value, operands) ?? shaping(value)
  return { title: title ?? NAMES[op] ?? op, role: roleOf(op) }
}

/** Describes a layer by its op if it has one, otherwise by its class; `values` depend on the network's input. */
export function describeLayer(
  values: readonly Value[],
  operandsOf: (value: Value) => readonly Value[],
  typeName: string
): Description {
  const ops = values.flatMap(value => (value.origin.kind === 'node' ? [{ value, op: value.origin.op }] : []))
  const working = ops.filter(({ op }) => !SHAPING.has(op))
  const [only, ...others] = working.length > 0 ? working : ops.slice(-2)
  if (others.length === 0 && ops.length > 0) return describeOp(only.value, operandsOf(only.value))
  const roles = working.map(({ op }) => roleOf(op))
  const heavy = roles.find(role => role === 'conv' || role === 'linear')
  if (heavy) return { title: typeName, role: heavy }
  if (working.some(({ op }) => op === 'variance')) return { title: typeName, role: 'norm' }
  const isActivation = roles.includes('activation') && values.every(({ shape }) => shape.length > 0)
  return { title: typeName, role: isActivation ? 'activation' : (roles[0] ?? 'other') }
}

function roleOf(op: OpName): NodeRole {
  if (op === 'linear' || op === 'matmul') return 'linear'
  if (op === 'conv2d' || op === 'convTranspose2d' || op === 'conv2dWeight') return 'conv'
  if (op === 'batchNorm') return 'norm'
  if (op in ACTIVATIONS) return 'activation'
  return 'other'
}

function convolution(value: Value): string | undefined {
  const linear = madeBy(value, 'linear')
  if (linear) return `linear, ${linear.inputs[1].shape[0]}`
  const node = madeBy(value, 'conv2d')
  if (!node) return undefined
  const { groups, stride, dilation } = node.attributes
  const [channels, perGroup, ...kernel] = node.inputs[1].shape
  const isDepthwise = groups > 1 && perGroup === 1
  return [
    `${kernel.join('×')} ${isDepthwise ? 'depthwise conv' : 'conv'}, ${channels}`,
    ...strided(stride),
    ...(groups > 1 && !isDepthwise ? [`${groups} groups`] : []),
    ...(dilation.some(step => step > 1) ? [`dilation ${alike(dilation)}`] : [])
  ].join(', ')
}

function pooling(value: Value): string | undefined {
  const pool = madeBy(value, 'maxPool2d') ?? madeBy(value, 'avgPool2d')
  if (!pool) return undefined
  const { kernel, stride } = pool.attributes
  const name = pool.op === 'maxPool2d' ? 'max pool' : 'avg pool'
  const [height, width] = pool.inputs[0].shape.slice(2)
  const isGlobal = kernel[0] === height && kernel[1] === width
  return isGlobal ? `global ${name}` : [`${kernel.join('×')} ${name}`, ...strided(stride)].join(', ')
}

function reduction(value: Value): string | undefined {
  const node = madeBy(value, 'mean') ?? madeBy(value, 'max') ?? madeBy(value, 'sum')
  if (!node) return undefined
  const { axes } = node.attributes
  const isGlobal = node.inputs[0].shape.length === 4 && axes.join() === '2,3'
  if (isGlobal && node.op !== 'sum') return `global ${node.op === 'mean' ? 'avg' : 'max'} pool`
  return `${node.op} over axis ${axes.join(', ')}`
}

/** Such as `× 0.5`; joins of two branches are not described here. */
function arithmetic({ origin }: Value, operands: readonly Value[]): string | undefined {
  if (origin.kind !== 'node') return undefined
  const sign = SIGNS[origin.op]
  if (sign === undefined) return undefined
  const others = origin.inputs.filter(other => !operands.includes(other))
  const [other] = others
  if (others.length === 0) {
    const isWithItself = origin.inputs[0] === origin.inputs[1]
    return (isWithItself ? WITH_ITSELF[origin.op] : undefined) ?? NAMES[origin.op] ?? sign
  }
  const isFirst = origin.inputs[0] === other
  const name = constantOf(other)
  return isFirst && (origin.op === 'sub' || origin.op === 'div') ? `${name} ${sign} x` : `${sign} ${name}`
}

function constantOf({ origin }: Value): string {
  if (origin.kind === 'constant' && sizeOf(origin.tensor.shape) === 1) {
    return String(Number(Number(origin.tensor.data[0]).toPrecision(3)))
  }
  return origin.kind === 'state' ? 'parameter' : 'constant'
}

function shaping(value: Value): string | undefined {
  if (madeBy(value, 'reshape')) return value.shape.length === 2 ? 'flatten' : 'reshape'
  const slice = madeBy(value, 'slice')
  if (!slice) return undefined
  const { step, axis } = slice.attributes
  const ending = step === 2 ? 'nd' : step === 3 ? 'rd' : 'th'
  return step > 1 ? `every ${step}${ending} of axis ${axis}` : 'slice'
}

function strided(stride: Pair): string[] {
  return stride.every(step => step === 1) ? [] : [`/${alike(stride)}`]
}

/** One number for two equal ones. */
function alike([rows, columns]: Pair): string {
  return rows === columns ? String(rows) : `${rows}×${columns}`
}
