// Where two branches meet: the sum F(x) + x and the product F(x) · x, and what is wrong where they cannot.
import { add, mul } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { broadcastShapes, type Shape } from '../../ir/shape.js'
import { ShapeError } from '../../base/errors.js'
import { formatShape } from '../../tensor/tensor.js'

/**
 * `F(x) + x`, or + what a shortcut made of x.
 * @param layer who adds, for the error.
 * @param x what `shortcut` was made from; the same value where the shortcut is the identity.
 * @throws ShapeError that names both branches, their shapes and what would help.
 */
export function addBranches(layer: string, body: Value, shortcut: Value, x = shortcut): Value {
  assertJoin(layer, body, shortcut, { name: x === shortcut ? 'x' : 'the shortcut', done: 'added' })
  return add(body, shortcut)
}

/**
 * `F(x) · x`.
 * @param layer who multiplies, for the error.
 * @throws ShapeError that names both branches, their shapes and what would help.
 */
export function multiplyBranches(layer: string, body: Value, x: Value): Value {
  assertJoin(layer, body, x, { name: 'x', done: 'multiplied' })
  return mul(body, x)
}

function assertJoin(
  layer: string,
  { shape: body }: Value,
  { shape: other }: Value,
  { name, done }: { readonly name: string; readonly done: 'added' | 'multiplied' }
): void {
  try {
    broadcastShapes(layer, body, other)
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    const advice = done === 'added' ? adviceFor(body, other, name) : 'let F keep the shape of x'
    throw new ShapeError(
      `${layer}: F(x) is ${formatShape(body)}, ${name} is ${formatShape(other)}: they cannot be ${done}; ${advice}`
    )
  }
}

function adviceFor(body: Shape, other: Shape, name: string): string {
  if (body.length !== other.length) return 'let F keep the number of dimensions'
  const [channels, size] = [body[1] !== other[1], body.slice(2).join() !== other.slice(2).join()]
  if (size && !isStrided(body, other)) return 'pad the convolutions of F so that it keeps the size'
  if (name !== 'x') return 'give the shortcut the channels and the stride of F'
  const needs = [...(channels ? ['channels'] : []), ...(size ? ['size'] : [])].join(' and ')
  return `F changes the ${needs}, so x needs a projection: a 1×1 convolution with the same stride`
}

/** Whether a 1×1 convolution with some stride makes the one image's size of the other's. */
function isStrided(body: Shape, other: Shape): boolean {
  return body.slice(2).every((size, axis) => {
    const from = other[axis + 2]
    return typeof size === 'number' && typeof from === 'number' && stridesBetween(from, size).length > 0
  })
}

/** The strides that leave `to` rows of `from`: ⌈from / stride⌉. */
export function stridesBetween(from: number, to: number): number[] {
  return Array.from({ length: from }, (_, index) => index + 1).filter(
    stride => Math.ceil(from / stride) === to
  )
}
