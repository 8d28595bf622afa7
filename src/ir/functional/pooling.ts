// Pooling as torch defines it. Ceil mode and adaptive windows are resolved here, where the sizes are known, so that the
// ops only slide one plain window.
import { aBoolean, checkOptions, finiteNumber, pairOf, type OptionsOf } from '../../base/options.js'
import { ShapeError } from '../../base/errors.js'
import { formatShape, Tensor } from '../../tensor/tensor.js'
import { apply } from '../apply.js'
import { constant, toValue, type Operand } from '../operand.js'
import { type MaxPooling, type Padding, type Pair, toPair, type Value } from '../ops.js'
import { staticDim, type Shape } from '../shape.js'
import { matmul } from './linear.js'
import { mean } from './reduction.js'
import { pad } from './shaping.js'

/** What the options of a pool must be; shape inference checks the geometry. */
const POOL_OPTIONS = {
  stride: pairOf(finiteNumber),
  padding: pairOf(finiteNumber),
  /** Keep a last window that only partly covers the input (torch: `ceil_mode`). */
  ceilMode: aBoolean
}

/** Options of pooling; a number applies to both directions, and the stride is the kernel size by default. */
export interface PoolOptions extends OptionsOf<typeof POOL_OPTIONS> {}

/** What the options of average pooling must be. */
const AVG_POOL_OPTIONS = { ...POOL_OPTIONS, countIncludePad: aBoolean }

/**
 * Padding on all four sides, including what ceil mode adds at the bottom and right for one more window. As in torch,
 * that window is dropped if it would start in the right padding.
 */
function windowPadding(
  op: string,
  shape: Shape,
  kernel: Pair,
  stride: Pair,
  padding: Pair,
  dilation: Pair,
  ceilMode: boolean
): Padding {
  if (padding.some((amount, axis) => 2 * amount > kernel[axis])) {
    throw new ShapeError(
      `${op}: padding ${formatShape(padding)} is more than half of the window ${formatShape(kernel)}`
    )
  }
  const trailing = ([0, 1] as const).map(axis => {
    if (!ceilMode) return padding[axis]
    const size = staticDim(op, shape, axis + 2)
    const reach = dilation[axis] * (kernel[axis] - 1) + 1
    const windows = Math.ceil((size + 2 * padding[axis] - reach) / stride[axis]) + 1
    const lastStart = (windows - 1) * stride[axis]
    const kept = lastStart >= size + padding[axis] ? windows - 1 : windows
    return Math.max(padding[axis], (kept - 1) * stride[axis] + reach - size - padding[axis])
  })
  return [padding[0], padding[1], trailing[0], trailing[1]]
}

/** What the options of max pooling must be. */
const MAX_POOL_OPTIONS = {
  ...POOL_OPTIONS,
  dilation: pairOf(finiteNumber)
}

/** Options of max pooling. */
export interface MaxPoolOptions extends OptionsOf<typeof MAX_POOL_OPTIONS> {}

function toMaxPooling(
  op: string,
  { shape }: Value,
  kernelSize: number | Pair,
  options: MaxPoolOptions
): MaxPooling {
  const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = options
  const window = { kernel: toPair(kernelSize), stride: toPair(stride), dilation: toPair(dilation) }
  const sides = windowPadding(
    op,
    shape,
    window.kernel,
    window.stride,
    toPair(padding),
    window.dilation,
    ceilMode
  )
  return { ...window, padding: sides }
}

/**
 * The largest value of each window (torch: `F.max_pool2d`). Shape: (N, C, H, W) → (N, C, H', W').
 * @throws ShapeError when the window does not fit, or is padded by more than half.
 */
export function maxPool2d(x: Operand, kernelSize: number | Pair, options: MaxPoolOptions = {}): Value {
  checkOptions('maxPool2d', options, MAX_POOL_OPTIONS)
  const value = toValue(x)
  return apply('maxPool2d', [value], toMaxPooling('maxPool2d', value, kernelSize, options))
}

/**
 * Scatters y, one element per window, to the position of the window's maximum in x, with zeros elsewhere: the gradient
 * of `maxPool2d`. Elements at the same position add up. Shape: x (N, C, H, W), y (N, C, H', W') → (N, C, H, W).
 * PyTorch difference: `F.max_unpool2d` takes the positions from `max_pool2d(…, return_indices=True)`.
 * @throws ShapeError when y does not have the shape of x after pooling.
 */
export function maxUnpool2d(
  x: Operand,
  y: Operand,
  kernelSize: number | Pair,
  options: MaxPoolOptions = {}
): Value {
  checkOptions('maxUnpool2d', options, MAX_POOL_OPTIONS)
  const value = toValue(x)
  const pooling = toMaxPooling('maxUnpool2d', value, kernelSize, options)
  return apply('maxUnpool2d', [value, toValue(y)], pooling)
}

/**
 * Gathers the elements of z at the positions of each window's maximum in x. Shape: x and z (N, C, H, W) → (N, C, H', W').
 * @throws ShapeError when z does not have x's shape.
 */
export function maxPool2dAt(
  x: Operand,
  z: Operand,
  kernelSize: number | Pair,
  options: MaxPoolOptions = {}
): Value {
  checkOptions('maxPool2dAt', options, MAX_POOL_OPTIONS)
  const value = toValue(x)
  const pooling = toMaxPooling('maxPool2dAt', value, kernelSize, options)
  return apply('maxPool2dAt', [value, toValue(z)], pooling)
}

/**
 * The mean of each window (torch: `F.avg_pool2d`). Shape: (N, C, H, W) → (N, C, H', W').
 * @throws ShapeError when the window does not fit, or is padded by more than half.
 */
export function avgPool2d(
  x: Operand,
  kernelSize: number | Pair,
  options: PoolOptions & { readonly countIncludePad?: boolean } = {}
): Value {
  checkOptions('avgPool2d', options, AVG_POOL_OPTIONS)
  const { stride = kernelSize, padding = 0, ceilMode = false, countIncludePad = true } = options
  const value = toValue(x)
  const window = { kernel: toPair(kernelSize), stride: toPair(stride) }
  const [rows, columns] = toPair(padding)
  const sides = windowPadding(
    'avgPool2d',
    value.shape,
    window.kernel,
    window.stride,
    [rows, columns],
    [1, 1],
    ceilMode
  )
  if (ceilMode && countIncludePad && rows + columns > 0) {
    // The divisor includes padding but not what ceil mode adds: pad explicitly, then exclude the remaining padding.
    const padded = pad(value, [columns, columns, rows, rows])
    const added: Padding = [0, 0, sides[2] - rows, sides[3] - columns]
    return apply('avgPool2d', [padded], { ...window, padding: added, countIncludePad: false })
  }
  return apply('avgPool2d', [value], {
    ...window,
    padding: sides,
    countIncludePad: countIncludePad && !ceilMode
  })
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
  const data = new Float32Array(windows * size)
  for (let i = 0; i < windows; i++) {
    const start = Math.floor((i * size) / windows)
    const end = Math.ceil(((i + 1) * size) / windows)
    for (let j = start; j < end; j++) data[transposed ? j * windows + i : i * size + j] = 1 / (end - start)
  }
  return new Tensor(data, transposed ? [size, windows] : [windows, size], 'float32')
}
