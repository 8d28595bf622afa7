// Pooling as torch defines it. Ceil mode and adaptive windows are resolved here, so that the ops slide one plain window.
import { aBoolean, checkOptions, finiteNumber, pairOf, type OptionsOf } from '../../base/options.js'
import { ShapeError } from '../../base/errors.js'
import { allocate } from '../../tensor/dtype.js'
import { formatShape, Tensor } from '../../tensor/tensor.js'
import { apply, constant, type Operand, toValue } from '../operand.js'
import { type MaxPooling, type Padding, type Pair, toPair, type Value } from '../ops.js'
import { staticDim } from '../shape.js'
import { matmul } from './linear.js'
import { mean } from './reduction.js'
import { pad } from './shaping.js'

/** What the options of pools must be; shape inference checks the geometry. */
const POOL_OPTIONS = {
  stride: pairOf(finiteNumber),
  padding: pairOf(finiteNumber),
  /** Keep a last window that only partly covers the input (torch: `ceil_mode`). */
  ceilMode: aBoolean
}
const AVG_POOL_OPTIONS = { ...POOL_OPTIONS, countIncludePad: aBoolean }
const MAX_POOL_OPTIONS = { ...POOL_OPTIONS, dilation: pairOf(finiteNumber) }

/** Options of pooling; a number applies to both directions, and the stride is the kernel size by default. */
export interface PoolOptions extends OptionsOf<typeof POOL_OPTIONS> {}

/** Options of max pooling. */
export interface MaxPoolOptions extends OptionsOf<typeof MAX_POOL_OPTIONS> {}

/**
 * How the window moves, with padding on all four sides, including what ceil mode adds at the bottom and right for one more
 * window. As in torch, that window is dropped if it would start in the right padding.
 */
function windowOf(
  op: string,
  { shape }: Value,
  kernelSize: number | Pair,
  { stride: step = kernelSize, padding = 0, dilation: gap = 1, ceilMode = false }: MaxPoolOptions
): MaxPooling {
  const [kernel, stride, before, dilation] = [kernelSize, step, padding, gap].map(toPair)
  if (before.some((amount, axis) => 2 * amount > kernel[axis])) {
    throw new ShapeError(
      `${op}: padding ${formatShape(before)} is more than half of the window ${formatShape(kernel)}`
    )
  }
  const after = ([0, 1] as const).map(axis => {
    if (!ceilMode) return before[axis]
    const size = staticDim(op, shape, axis + 2)
    const reach = dilation[axis] * (kernel[axis] - 1) + 1
    const windows = Math.ceil((size + 2 * before[axis] - reach) / stride[axis]) + 1
    const lastStart = (windows - 1) * stride[axis]
    const kept = lastStart >= size + before[axis] ? windows - 1 : windows
    return Math.max(before[axis], (kept - 1) * stride[axis] + reach - size - before[axis])
  })
  return { kernel, stride, dilation, padding: [before[0], before[1], after[0], after[1]] }
}

/**
 * The largest value of each window (torch: `F.max_pool2d`). Shape: (N, C, H, W) → (N, C, H', W').
 * @throws ShapeError when the window does not fit, or is padded by more than half.
 */
export function maxPool2d(x: Operand, kernelSize: number | Pair, options: MaxPoolOptions = {}): Value {
  checkOptions('maxPool2d', options, MAX_POOL_OPTIONS)
  const value = toValue(x)
  return apply('maxPool2d', [value], windowOf('maxPool2d', value, kernelSize, options))
}

/** A function of two operands that moves elements between the windows and the places of their maxima in the first. */
function atMaxima(op: 'maxUnpool2d' | 'maxPool2dAt') {
  return (x: Operand, other: Operand, kernelSize: number | Pair, options: MaxPoolOptions = {}): Value => {
    checkOptions(op, options, MAX_POOL_OPTIONS)
    const value = toValue(x)
    return apply(op, [value, toValue(other)], windowOf(op, value, kernelSize, options))
  }
}

/**
 * Scatters y, one element per window, to the position of the window's maximum in x, with zeros elsewhere: the gradient
 * of `maxPool2d`. Elements at the same position add up. Shape: x (N, C, H, W), y (N, C, H', W') → (N, C, H, W).
 * PyTorch difference: `F.max_unpool2d` takes the positions from `max_pool2d(…, return_indices=True)`.
 * @throws ShapeError when y does not have the shape of x after pooling.
 */
export const maxUnpool2d = atMaxima('maxUnpool2d')

/**
 * Gathers the elements of z at the positions of each window's maximum in x. Shape: x and z (N, C, H, W) → (N, C, H', W').
 * @throws ShapeError when z does not have x's shape.
 */
export const maxPool2dAt = atMaxima('maxPool2dAt')

/**
 * The mean of each window (torch: `F.avg_pool2d`). Shape: (N, C, H, W) → (N, C, H', W').
 * @throws ShapeError when the window does not fit, or is padded by more than half.
 */
export function avgPool2d(
  x: Operand,
  kernelSize: number | Pair,
  options: PoolOptions & { readonly countIncludePad?: boolean } = {}
): Value {
  const { countIncludePad = true, ...pool } = checkOptions('avgPool2d', options, AVG_POOL_OPTIONS)
  const value = toValue(x)
  const { kernel, stride, padding } = windowOf('avgPool2d', value, kernelSize, pool)
  const [top, left, bottom, right] = padding
  if (pool.ceilMode && countIncludePad && top + left > 0) {
    // The divisor includes padding but not what ceil mode adds: pad explicitly, then exclude the remaining padding.
    const padded = pad(value, [left, left, top, top])
    const added: Padding = [0, 0, bottom - top, right - left]
    return apply('avgPool2d', [padded], { kernel, stride, padding: added, countIncludePad: false })
  }
  const counts = countIncludePad && !pool.ceilMode
  return apply('avgPool2d', [value], { kernel, stride, padding, countIncludePad: counts })
}

/**
 * Average pooling to a fixed output size, whatever the input's size (torch: `F.adaptive_avg_pool2d`).
 * Shape: (N, C, H, W) → (N, C, h, w); window i spans ⌊iH/h⌋ … ⌈(i+1)H/h⌉.
 */
export function adaptiveAvgPool2d(x: Operand, outputSize: number | Pair): Value {
  const value = toValue(x)
  const [height, width] = [2, 3].map(axis => staticDim('adaptiveAvgPool2d', value.shape, axis))
  const [rows, columns] = toPair(outputSize)
  if (![rows, columns].every(size => Number.isInteger(size) && size > 0)) {
    throw new ShapeError(
      `adaptiveAvgPool2d: expected an output size of positive integers, got ${rows} × ${columns}`
    )
  }
  if (rows === height && columns === width) return value
  if (rows === 1 && columns === 1) return mean(value, [2, 3], { keepDim: true })
  if (height % rows === 0 && width % columns === 0) return avgPool2d(value, [height / rows, width / columns])
  // Windows of unequal size: averaging is linear, so it is a matrix product on each side.
  const byRows = matmul(constant(averagingMatrix(height, rows, false)), value)
  return matmul(byRows, constant(averagingMatrix(width, columns, true)))
}

/** `[out, in]` (or its transpose): row i holds 1 / length over window i. */
function averagingMatrix(size: number, windows: number, transposed: boolean): Tensor<'float32'> {
  const data = allocate('float32', windows * size)
  for (let i = 0; i < windows; i++) {
    const start = Math.floor((i * size) / windows)
    const end = Math.ceil(((i + 1) * size) / windows)
    for (let j = start; j < end; j++) data[transposed ? j * windows + i : i * size + j] = 1 / (end - start)
  }
  return new Tensor(data, transposed ? [size, windows] : [windows, size], 'float32')
}
