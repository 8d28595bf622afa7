// Reverse-mode differentiation, graph to graph: gradients are made of the same ops, so they can be differentiated again. The
// rules compute what the inputs of an op receive; this driver walks the ops backwards, adds up, and undoes broadcasting.
import { checkArguments, instanceOf, listOf } from '../base/options.js'
import { ResnetError, ShapeError } from '../base/errors.js'
import { formatShape, ones, zeros } from '../tensor/tensor.js'
import * as F from '../ir/functional/index.js'
import { constant } from '../ir/operand.js'
import { isNetworkNode, Value, type GraphNode, type NetworkOp } from '../ir/ops.js'
import { reachedFrom } from '../ir/graph.js'
import { countElements, sameShape, type Dim, type Shape } from '../ir/shape.js'
import { RULES, type Rule } from './rules.js'

/** A gradient that does not exist or cannot be computed; the message names the op. */
export class GradientError extends ResnetError {}

const VALUE = instanceOf(Value)
const VALUES = instanceOf<ReadonlySet<Value>>(Set)

/**
 * The gradients of a scalar by some values (torch: `autograd.grad`). Only ops between the two are differentiated; values
 * that the scalar does not depend on get zeros.
 *
 * Shape: `of` is a scalar, or a value of any shape whose elements are summed; each gradient has its value's shape.
 * @param constants values that count as constant, whatever they are computed from (torch: `detach`).
 * @throws GradientError naming the op, for example if the gradient depends on the batch size, which is symbolic.
 * @example
 * const x = graphInput('x', [3])
 * const [slope] = gradients(sum(mul(x, x)), [x]) // 2x
 */
export function gradients(
  of: Value,
  by: readonly Value[],
  constants: ReadonlySet<Value> = new Set()
): Value[] {
  checkArguments('gradients', { of, by, constants }, { of: VALUE, by: listOf(VALUE), constants: VALUES })
  const wanted = dependents(of, by, constants)
  const received = new Map<Value, Value[]>()
  const total = new Map<Value, Value>()
  if (wanted.has(of)) received.set(of, [filled(of, 1)])
  // Operands are created before their users, so descending ids visit every use before the value.
  for (const value of [...wanted].sort((a, b) => b.id - a.id)) {
    const parts = received.get(value)
    if (!parts) continue
    const gradient = addUp(parts, value)
    total.set(value, gradient)
    received.delete(value)
    const { origin } = value
    if (origin.kind !== 'node' || !isNetworkNode(origin)) continue
    for (const [operand, part] of naming(origin, () => partsOf(origin, value, gradient, wanted))) {
      received.set(operand, [...(received.get(operand) ?? []), part])
    }
  }
  return by.map(value => total.get(value) ?? filled(value, 0))
}

/** The values on a path from `by` to `of` that avoids constants. */
function dependents(of: Value, by: readonly Value[], constants: ReadonlySet<Value>): Set<Value> {
  const reached = reachedFrom([of], value => constants.has(value))
  const depending = new Set(by.filter(value => reached.has(value)))
  for (const value of [...reached].sort((a, b) => a.id - b.id)) {
    if (value.inputs.some(operand => depending.has(operand))) depending.add(value)
  }
  return depending
}

function partsOf<K extends NetworkOp>(
  node: GraphNode<K>,
  output: Value,
  gradient: Value,
  wanted: ReadonlySet<Value>
): (readonly [Value, Value])[] {
  const rule: Rule<K> = RULES[node.op]
  const { inputs, attributes } = node
  const parts = rule({ inputs, attributes, output, gradient })
  return inputs.flatMap((operand, i) => {
    const part = wanted.has(operand) ? parts[i]?.() : undefined
    if (part === undefined) return []
    return [part].flat().map(each => [operand, sumStretched(each, operand.shape)] as const)
  })
}

function naming<R>({ op }: GraphNode, run: () => R): R {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new GradientError(`cannot compute the gradient of ${op}: ${error.message}`, {
      cause: error
    })
  }
}

/** Sums over the axes along which an operand of shape `target` was broadcast. */
function sumStretched(part: Value, target: Shape): Value {
  const extra = part.shape.length - target.length
  if (extra < 0) return part
  const stretched = part.shape.flatMap((dim, axis) => {
    if (axis < extra) return [axis]
    return target[axis - extra] === 1 && dim !== 1 ? [axis] : []
  })
  if (stretched.length === 0) return part
  const summed = F.sum(part, stretched, { keepDim: true })
  return extra === 0 ? summed : F.reshape(summed, summed.shape.slice(extra))
}

/**
 * The sum of parts that broadcast to a value's shape. Smaller parts are added first, and of equally large ones the last:
 * so the gradients through batch normalisation's statistics become one scale and shift.
 */
function addUp(parts: readonly Value[], value: Value): Value {
  const size = (part: Value): number => countElements(part.shape).perItem
  const [first, ...rest] = parts.toReversed().sort((a, b) => size(a) - size(b))
  const sum = rest.reduce((total, part) => F.add(total, part), first)
  if (sameShape(sum.shape, value.shape)) return sum
  const isBatch = (dim: Dim | undefined): boolean => dim === 'N'
  const toBatch = value.shape.some((dim, axis) => isBatch(dim) && !isBatch(sum.shape[axis]))
  return toBatch ? F.mul(sum, filled(value, 1)) : F.expand(sum, value.shape)
}

/** Ones or zeros like a value. */
function filled(value: Value, number: 0 | 1): Value {
  const { dtype, shape } = value
  if (!dtype.includes('float')) {
    throw new GradientError(`only floating-point values have gradients, got ${dtype}${formatShape(shape)}`)
  }
  // A symbolic batch size must come from the value itself: heaviside(1 + |x|) is 1 and heaviside(−|x|) is 0.
  if (shape.includes('N')) return F.heaviside(number === 1 ? F.add(F.abs(value), 1) : F.neg(F.abs(value)))
  const scalar = constant(number === 1 ? ones([]) : zeros([]))
  const ofDType = dtype === 'float32' ? scalar : F.cast(scalar, dtype)
  return shape.length === 0 ? ofDType : F.expand(ofDType, shape)
}
