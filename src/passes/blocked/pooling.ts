// Max pooling and its gradient on blocked images, of values that are not negative, without positions of maxima: along rows, then
// along columns, so that a window's first maximum in reading order gets the gradient, as in torch.
import * as F from '../../ir/functional/index.js'
import { apply, constant } from '../../ir/operand.js'
import { madeBy, type GraphNode, type MaxPooling, type Pair, type Value } from '../../ir/ops.js'
import { Tensor } from '../../tensor/tensor.js'
import { interleaved } from './convolutions.js'
import { convolved, filled, type ConvolvedOptions } from './convolved.js'
import type { Layout } from './layout.js'

/** `maxPool2d`, blocked. */
export function pool(layout: Layout, { inputs: [x], attributes }: GraphNode<'maxPool2d'>): Value | undefined {
  if (!layout.livesBlocked(x) || isWide(attributes)) return undefined
  if (!isOfThree(x, attributes))
    return apply('blockedMaxPool2d', [layout.blocked(x)], { ...attributes, block: layout.block })
  return alongAxis(layout, alongAxis(layout, layout.blocked(x), 1), 0)
}

/** ONNX Runtime takes no padding that a window cannot cover. */
function isWide({ padding, kernel }: MaxPooling): boolean {
  return padding.some((amount, side) => amount >= kernel[side % 2])
}

/** Whether it is the pooling of ResNet's stem, which halves an image of numbers that are not negative. */
function isOfThree({ shape, origin }: Value, { kernel, stride, padding, dilation }: MaxPooling): boolean {
  const window = [kernel, stride, padding, dilation].join(' ')
  const isEven = shape.slice(2).every(size => Number(size) % 2 === 0)
  return window === '3,3 2,2 1,1,1,1 1,1' && isEven && origin.kind === 'node' && origin.op === 'relu'
}

/** Whether a gradient is 0 where the pooling of x is: there the padding counts as its first maximum. */
function isMasked(x: Value, y: Value): boolean {
  const factors = madeBy(y, 'mul')?.inputs ?? []
  return factors.some(each => {
    const masked = madeBy(each, 'heaviside')?.inputs[0]
    return masked !== undefined && madeBy(masked, 'maxPool2d')?.inputs[0] === x
  })
}

/** The maximum of three, at every second place of an axis. */
function alongAxis(layout: Layout, x: Value, axis: 0 | 1): Value {
  const [kernel, stride] = [only(axis, 3, 1), only(axis, 2, 1)]
  const padding = axis === 0 ? ([1, 0, 1, 0] as const) : ([0, 1, 0, 1] as const)
  return layout.once(`pooled ${axis} ${x.id}`, () =>
    apply('blockedMaxPool2d', [x], { kernel, stride, padding, dilation: [1, 1], block: layout.block })
  )
}

function only(axis: 0 | 1, along: number, across: number): Pair {
  return axis === 0 ? [along, across] : [across, along]
}

/** `maxUnpool2d`, blocked. */
export function unpool(
  layout: Layout,
  { inputs: [x, y], attributes }: GraphNode<'maxUnpool2d'>
): Value | undefined {
  if (!layout.livesBlocked(x) || !isOfThree(x, attributes) || !isMasked(x, y)) return undefined
  const image = layout.blocked(x)
  const rows = alongAxis(layout, image, 1)
  const pooled = alongAxis(layout, rows, 0)
  return backAlong(layout, image, rows, backAlong(layout, rows, pooled, layout.blocked(y), 0), 1)
}

// Times it, a difference of 6e-20 is cut to 0 or 1, and numbers up to 2e19 stay finite.
const LARGE = 2 ** 64

/**
 * Spreads the gradient of `alongAxis(x)`. A window of three has its middle at an even place E, the odd one before, P, which it shares
 * with the window before, and the odd one after, O. The gradient goes to P if that is the maximum, else to E, else to O.
 */
function backAlong(layout: Layout, x: Value, maximum: Value, slope: Value, axis: 0 | 1): Value {
  const below = taps(layout, maximum, axis, [-LARGE])
  // 1 + LARGE · (x − maximum), cut to 0…1: 1 where x is the maximum, else 0.
  const isBefore = taps(layout, x, axis, [LARGE, 0], {
    stride: 2,
    before: 1,
    shift: 1,
    sum: below,
    activation: 'clip'
  })
  const toBefore = F.mul(slope, isBefore)
  const rest = F.sub(slope, toBefore)
  const isMiddle = taps(layout, x, axis, [LARGE], { stride: 2, shift: 1, sum: below, activation: 'clip' })
  const toMiddle = F.mul(rest, isMiddle)
  // An odd place is after one window and before the next.
  const toOdd = taps(layout, toBefore, axis, [0, 1], { after: 1, sum: F.sub(rest, toMiddle) })
  const shape = x.shape.map(Number)
  return interleaved(layout, axis === 0 ? [[toMiddle], [toOdd]] : [[toMiddle, toOdd]], shape)
}

interface TapOptions extends Pick<ConvolvedOptions, 'sum' | 'activation'> {
  readonly stride?: number
  /** Zeros at the beginning and the end of the axis. */
  readonly before?: number
  readonly after?: number
  readonly shift?: number
}

/** The same few taps along an axis of every channel. */
function taps(
  layout: Layout,
  x: Value,
  axis: 0 | 1,
  kernel: readonly number[],
  options: TapOptions = {}
): Value {
  const { stride = 1, before = 0, after = 0, shift = 0, ...rest } = options
  const { block } = layout
  const channels = Number(x.shape[1])
  const weight = layout.once(`taps ${channels} ${axis} ${kernel.join()}`, () => {
    // [C / block][taps][block]
    const numbers = Float32Array.from(
      { length: channels * kernel.length },
      (_, i) => kernel[Math.floor(i / block) % kernel.length]
    )
    return constant(new Tensor(numbers, [channels, 1, ...only(axis, kernel.length, 1)], 'float32'))
  })
  return convolved(layout, x, weight, {
    stride: only(axis, stride, 1),
    padding: axis === 0 ? [before, 0, after, 0] : [0, before, 0, after],
    groups: channels,
    shift: filled(layout, channels, shift),
    ...rest
  })
}
