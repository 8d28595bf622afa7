// One rule for each op that has a form on blocked images. It says what the op becomes, or nothing where it stays as it is.
import * as F from '../../ir/functional/index.js'
import type { Graph } from '../../ir/graph.js'
import { apply } from '../../ir/operand.js'
import {
  BINARY_OPS,
  madeBy,
  UNARY_OPS,
  type BinaryOp,
  type GraphNode,
  type NetworkOp,
  type UnaryOp,
  type Value
} from '../../ir/ops.js'
import { sameShape } from '../../ir/shape.js'
import { countUses } from '../rewrite.js'
import { affine, affinePerItem, dotPerItem, mask, meanPerItem } from './channels.js'
import { convolve, convolveBack, convolveWeight } from './convolutions.js'
import { padded, sliced } from './cuts.js'
import type { Layout } from './layout.js'
import { pool, unpool } from './pooling.js'

/** What an op becomes: an image in blocks, or a value as it is. */
export type Form = { readonly blocked: Value } | { readonly plain: Value }

/** What rules know. */
export interface Scene {
  readonly layout: Layout
  readonly uses: ReadonlyMap<Value, number>
  /** Images less their channels' means, by the image. */
  readonly centred: Map<Value, Value>
}

type Rule<K extends NetworkOp> = (scene: Scene, node: GraphNode<K>, value: Value) => Form | undefined

export const RULES: { readonly [K in NetworkOp]?: Rule<K> } = {
  conv2d: ({ layout }, node) => inBlocks(convolve(layout, node)),
  convTranspose2d: ({ layout }, node) => inBlocks(convolveBack(layout, node)),
  conv2dWeight: ({ layout }, node) => asItIs(convolveWeight(layout, node)),
  maxPool2d: ({ layout }, node) => inBlocks(pool(layout, node)),
  maxUnpool2d: ({ layout }, node) => inBlocks(unpool(layout, node)),
  // The shortcut without parameters: every second pixel, and channels of zeros.
  slice: ({ layout }, node) => inBlocks(sliced(layout, node)),
  pad: ({ layout }, node) => inBlocks(padded(layout, node)),
  ...forEach(UNARY_OPS, elementwise),
  heaviside: ({ layout }, { inputs: [x] }) =>
    layout.livesBlocked(x) ? { blocked: mask(layout, layout.blocked(x)) } : undefined,
  ...forEach(BINARY_OPS, elementwise),
  add: (scene, node, value) => elementwise(scene, node, value) ?? alongChannels(scene, node, value, 'shift'),
  mul: (scene, node, value) => elementwise(scene, node, value) ?? alongChannels(scene, node, value, 'scale'),
  sub: (scene, node, value) => elementwise(scene, node, value) ?? centredProduct(scene, node),

  mean: ({ layout }, { inputs: [x], attributes: { axes } }, value) => {
    if (!layout.livesBlocked(x)) return undefined
    const means = meanPerItem(layout, layout.blocked(x))
    const found = overItems(means, axes, each => F.mean(each, 0))
    return found && { plain: F.reshape(found, value.shape) }
  },
  sum: ({ layout, uses }, { inputs: [x], attributes: { axes } }, value) => {
    if (!layout.livesBlocked(x)) return undefined
    const product = uses.get(x) === 1 ? madeBy(x, 'mul') : undefined
    const isOfImages = product?.inputs.every(
      each => sameShape(each.shape, x.shape) && layout.livesBlocked(each)
    )
    const sums =
      product && isOfImages
        ? dotPerItem(layout, layout.blocked(product.inputs[0]), layout.blocked(product.inputs[1]))
        : F.mul(meanPerItem(layout, layout.blocked(x)), places(x))
    const found = overItems(sums, axes, each => F.sum(each, 0))
    return found && { plain: F.reshape(found, value.shape) }
  },
  // Of an image less its mean, which the normalisation goes on with: E[x²] − E[x]² cancels for a large mean.
  variance: (scene, { inputs: [x], attributes: { axes } }, value) => {
    const { layout, centred } = scene
    if (!layout.livesBlocked(x) || axes.join() !== '0,2,3') return undefined
    const image = layout.blocked(x)
    const mean = F.mean(meanPerItem(layout, image), 0)
    const moved = affine(layout, image, { shift: F.neg(mean) })
    centred.set(x, moved)
    const squares = F.sum(dotPerItem(layout, moved, moved), 0)
    const count = places(x) * Number(x.shape[0])
    return { plain: F.reshape(F.div(squares, count), value.shape) }
  },
  batchNorm: ({ layout, centred }, { inputs, attributes: { eps } }) => {
    const [x, ...statistics] = inputs
    if (!layout.livesBlocked(x)) return undefined
    const [gamma, shift, mean, variance] = statistics.map(each => layout.plain(each))
    const scale = isAll(statistics[3], 1) && eps === 0 ? gamma : F.div(gamma, F.sqrt(F.add(variance, eps)))
    const moved = centred.get(x)
    if (moved && meanOf(statistics[2]) === x) return { blocked: affine(layout, moved, { scale, shift }) }
    if (isAll(statistics[2], 0)) {
      // The shift of a gradient through the statistics has the mean's part in it.
      const rest = moved && withoutMean(x, statistics[0], statistics[1])
      return rest
        ? {
            blocked: affine(layout, moved, { scale, shift: F.reshape(layout.plain(rest), shift.shape) })
          }
        : { blocked: affine(layout, layout.blocked(x), { scale, shift }) }
    }
    return { blocked: affine(layout, layout.blocked(x), { scale, shift: F.sub(shift, F.mul(mean, scale)) }) }
  }
}

function inBlocks(value: Value | undefined): Form | undefined {
  return value && { blocked: value }
}

function asItIs(value: Value | undefined): Form | undefined {
  return value && { plain: value }
}

function forEach<K extends UnaryOp | BinaryOp>(
  ops: readonly K[],
  rule: Rule<K>
): { readonly [P in K]: Rule<P> } {
  return Object.fromEntries(ops.map(op => [op, rule])) as unknown as { readonly [P in K]: Rule<P> }
}

/** An op element by element on images of one shape, and on numbers. */
function elementwise(
  { layout }: Scene,
  { op, inputs }: GraphNode<UnaryOp | BinaryOp>,
  value: Value
): Form | undefined {
  const operands: readonly Value[] = inputs
  const images = operands.filter(each => each.shape.length > 0)
  if (!images.some(each => layout.livesBlocked(each))) return undefined
  if (!images.every(each => sameShape(each.shape, value.shape) && layout.canBeBlocked(each))) return undefined
  const laid = operands.map(each => (each.shape.length > 0 ? layout.blocked(each) : layout.plain(each)))
  return { blocked: apply(op, laid as unknown as typeof inputs, {}) }
}

/** An image with a value for each of its channels, or of those of each item, as their scale or shift. */
function alongChannels(
  { layout }: Scene,
  { inputs }: GraphNode<'mul' | 'add'>,
  { shape }: Value,
  part: 'scale' | 'shift'
): Form | undefined {
  const [items, channels] = shape.map(Number)
  for (const [image, rest] of [inputs, inputs.toReversed()]) {
    if (!layout.livesBlocked(image) || !sameShape(image.shape, shape)) continue
    const small = madeBy(rest, 'expand')?.inputs[0] ?? rest
    const form = small.shape.join()
    const vector = (size: number): Value => F.reshape(layout.plain(small), [size])
    if (form === `${channels},1,1` || form === `1,${channels},1,1`)
      return { blocked: affine(layout, layout.blocked(image), { [part]: vector(channels) }) }
    if (form === `${items},${channels},1,1`)
      return { blocked: affinePerItem(layout, layout.blocked(image), { [part]: vector(items * channels) }) }
  }
  return undefined
}

/** `Σ g·x − mean(x) · Σ g` is the sum of products with the centred image, which does not cancel. */
function centredProduct(
  { layout, centred }: Scene,
  { inputs: [whole, part] }: GraphNode<'sub'>
): Form | undefined {
  const total = madeBy(whole, 'sum')
  const product = total && madeBy(total.inputs[0], 'mul')
  const factors = madeBy(part, 'mul')?.inputs
  if (!product || !factors || total.attributes.axes.join() !== '0,2,3') return undefined
  for (const [slope, x] of [product.inputs, product.inputs.toReversed()]) {
    const moved = centred.get(x)
    const isTheirs = [factors, factors.toReversed()].some(([mean, sum]) => {
      const summed = madeBy(sum, 'sum')
      return meanOf(mean) === x && summed?.inputs[0] === slope && summed.attributes.axes.join() === '0,2,3'
    })
    if (!moved || !isTheirs || !layout.livesBlocked(slope)) continue
    const products = F.sum(dotPerItem(layout, layout.blocked(slope), moved), 0)
    return { plain: F.reshape(products, whole.shape) }
  }
  return undefined
}

/** `rest` of a shift `rest − mean(x) · scale`. */
function withoutMean(x: Value, scale: Value, shift: Value): Value | undefined {
  const terms = madeBy(unshaped(shift), 'add')?.inputs
  if (!terms) return undefined
  for (const [rest, other] of [terms, terms.toReversed()]) {
    const negated = madeBy(unshaped(other), 'neg')
    const factors = negated && madeBy(unshaped(negated.inputs[0]), 'mul')?.inputs
    if (!factors) continue
    const isMean = [factors, factors.toReversed()].some(
      ([mean, slope]) => meanOf(mean) === x && unshaped(slope) === unshaped(scale)
    )
    if (isMean) return rest
  }
  return undefined
}

/** The image of whose channels a value is the mean. */
function meanOf(value: Value): Value | undefined {
  const mean = madeBy(unshaped(value), 'mean')
  return mean?.attributes.axes.join() === '0,2,3' ? mean.inputs[0] : undefined
}

function unshaped(value: Value): Value {
  const reshaped = madeBy(value, 'reshape')
  return reshaped ? unshaped(reshaped.inputs[0]) : value
}

function isAll({ origin }: Value, number: number): boolean {
  return origin.kind === 'constant' && Array.from(origin.tensor.data, Number).every(each => each === number)
}

function overItems(
  perItem: Value,
  axes: readonly number[],
  reduce: (value: Value) => Value
): Value | undefined {
  if (axes.join() === '0,2,3') return reduce(perItem)
  return axes.join() === '2,3' ? perItem : undefined
}

function places({ shape }: Value): number {
  return Number(shape[2]) * Number(shape[3])
}

/** The rules' scene for a graph. */
export function sceneOf(graph: Graph, layout: Layout): Scene {
  return { layout, uses: countUses(graph), centred: new Map() }
}
