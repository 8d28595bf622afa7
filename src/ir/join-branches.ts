// Joins branches of a network, `F(x) + x` and `F(x) · x`: observers see each join, and may leave it out; and where the branches
// do not fit, the error says which one is F(x), which is x, and what makes the join possible.
import { ShapeError } from '../base/errors.js'
import { formatShape } from '../tensor/tensor.js'
import { reachedFrom } from './graph.js'
import { apply } from './operand.js'
import type { Value } from './ops.js'
import type { Shape } from './shape.js'

/** Sees `add(a, b)` or `mul(a, b)`: `make` computes it; what it returns stands in its place. */
export type JoinObserver = (a: Value, b: Value, make: () => Value) => Value

const observers: JoinObserver[] = []

/** Runs something while an observer sees every sum and product; one that began later is asked first. */
export function observeJoins<R>(observer: JoinObserver, run: () => R): R {
  observers.push(observer)
  try {
    return run()
  } finally {
    observers.pop()
  }
}

export function join(op: 'add' | 'mul', a: Value, b: Value): Value {
  let proceed = (): Value => {
    try {
      return apply(op, [a, b], {})
    } catch (error) {
      throw explainJoin(op, a, b, error)
    }
  }
  for (const observer of observers) {
    const inner = proceed
    proceed = () => observer(a, b, inner)
  }
  return proceed()
}

/** Explains a shape error of a sum or product of branches of the same value; returns any other error unchanged. */
function explainJoin(op: 'add' | 'mul', a: Value, b: Value, error: unknown): unknown {
  const branches = error instanceof ShapeError ? branchesOf(a, b) : undefined
  if (!branches) return error
  const { body, other, name } = branches
  const advice = op === 'add' ? adviceFor(body, other, name) : 'let F keep the shape of x'
  const done = op === 'add' ? 'added' : 'multiplied'
  return new ShapeError(
    `${op}: F(x) is ${formatShape(body)}, ${name} is ${formatShape(other)}: they cannot be ${done}; ${advice}`
  )
}

/** The strides that reduce `from` rows to `to`: ⌈from / stride⌉ = to. */
export function stridesBetween(from: number, to: number): number[] {
  return Array.from({ length: from }, (_, index) => index + 1).filter(
    stride => Math.ceil(from / stride) === to
  )
}

/** F(x) and x if one is computed from the other, or F(x) and the shortcut if both have a common ancestor. */
function branchesOf(a: Value, b: Value) {
  const [behindA, behindB] = [reachedFrom([a]), reachedFrom([b])]
  if (behindA.has(b)) return { body: a.shape, other: b.shape, name: 'x' }
  if (behindB.has(a)) return { body: b.shape, other: a.shape, name: 'x' }
  const meet = [...behindA].some(value => ['input', 'node'].includes(value.origin.kind) && behindB.has(value))
  return meet ? { body: a.shape, other: b.shape, name: 'the shortcut' } : undefined
}

function adviceFor(body: Shape, other: Shape, name: string): string {
  if (body.length !== other.length) return 'let F keep the number of dimensions'
  const [channels, size] = [body[1] !== other[1], body.slice(2).join() !== other.slice(2).join()]
  if (size && !isStrided(body, other)) return 'pad the convolutions of F so that it keeps the size'
  if (name !== 'x') return 'give the shortcut the channels and the stride of F'
  const needs = [...(channels ? ['channels'] : []), ...(size ? ['size'] : [])].join(' and ')
  return `F changes the ${needs}, so x needs a projection: a 1×1 convolution with the same stride`
}

/** Whether a strided 1×1 convolution maps one image size to the other. */
function isStrided(body: Shape, other: Shape): boolean {
  return body.slice(2).every((size, axis) => {
    const from = other[axis + 2]
    return typeof size === 'number' && typeof from === 'number' && stridesBetween(from, size).length > 0
  })
}
