// Matrix product, linear map, convolution and its transposes, and batch normalisation.
import {
  checkOptions,
  finiteNumber,
  pairOf,
  type OptionsOf,
  anObject,
  checkArguments
} from '../../base/options.js'
import { apply, type Operand, toValue } from '../operand.js'
import { toPair, type Convolution, type Ops, type Pair, type Value } from '../ops.js'
import { staticDim } from '../shape.js'

/** The matrix product of the last two axes; leading axes broadcast (torch: `matmul`). */
export function matmul(a: Operand, b: Operand): Value {
  return apply('matmul', [toValue(a), toValue(b)], {})
}

/** `x · Wᵀ + b`. Shape: x (…, in), weight (out, in), bias (out) → (…, out) (torch: `F.linear`). */
export function linear(x: Operand, weight: Operand, bias?: Operand): Value {
  return apply('linear', mapped(x, weight, bias), {})
}

function mapped(x: Operand, weight: Operand, bias: Operand | undefined): Ops['linear']['inputs'] {
  const [value, factors] = [toValue(x), toValue(weight)]
  return bias === undefined ? [value, factors] : [value, factors, toValue(bias)]
}

/** What the options of a convolution must be; shape inference checks the geometry. */
const CONV_OPTIONS = {
  stride: pairOf(finiteNumber),
  padding: pairOf(finiteNumber),
  dilation: pairOf(finiteNumber),
  groups: finiteNumber
}

/** Options of convolutions; a number applies to both directions. */
export interface ConvOptions extends OptionsOf<typeof CONV_OPTIONS> {}

const TRANSPOSED_OPTIONS = { ...CONV_OPTIONS, outputPadding: pairOf(finiteNumber) }

function toConvolution(owner: string, options: ConvOptions): Convolution {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = checkOptions(owner, options, CONV_OPTIONS)
  const [rows, columns] = toPair(padding)
  return {
    stride: toPair(stride),
    padding: [rows, columns, rows, columns],
    dilation: toPair(dilation),
    groups
  }
}

/**
 * Convolution (cross-correlation) over images (torch: `F.conv2d`).
 *
 * Shape: x (N, C, H, W), weight (O, C / groups, kH, kW), bias (O) → (N, O, H', W').
 * @throws ShapeError when channels, groups and weight do not fit together.
 */
export function conv2d(x: Operand, weight: Operand, bias?: Operand, options: ConvOptions = {}): Value {
  const convolution = toConvolution('conv2d', options)
  return apply('conv2d', mapped(x, weight, bias), convolution)
}

/**
 * Transposed convolution: the gradient of `conv2d` with respect to its input (torch: `F.conv_transpose2d`).
 *
 * Shape: y (N, O, H', W'), weight (O, C / groups, kH, kW) → (N, C, H, W), where H is the smallest height that `conv2d`
 * maps to H', plus `outputPadding`.
 * @throws ShapeError when channels, groups and weight do not fit together, or `outputPadding` reaches the stride.
 */
export function convTranspose2d(
  y: Operand,
  weight: Operand,
  options: ConvOptions & { readonly outputPadding?: number | Pair } = {}
): Value {
  const { outputPadding = 0, ...rest } = checkOptions('convTranspose2d', options, TRANSPOSED_OPTIONS)
  const [image, kernel] = [toValue(y), toValue(weight)]
  const convolution = toConvolution('convTranspose2d', rest)
  const { stride, padding, dilation } = convolution
  const extra = toPair(outputPadding)
  const along = (axis: 0 | 1): number => {
    const places = staticDim('convTranspose2d', image.shape, axis + 2)
    const reach = dilation[axis] * (staticDim('convTranspose2d', kernel.shape, axis + 2) - 1) + 1
    return (places - 1) * stride[axis] + reach - 2 * padding[axis] + extra[axis]
  }
  return apply('convTranspose2d', [image, kernel], { ...convolution, size: [along(0), along(1)] })
}

/**
 * The gradient of `conv2d` with respect to its weight (torch: `torch.nn.grad.conv2d_weight`).
 *
 * Shape: x (N, C, H, W), y (N, O, H', W') → (O, C / groups, kH, kW).
 * @throws ShapeError when y does not have the shape of the convolution's output.
 */
export function conv2dWeight(
  x: Operand,
  y: Operand,
  kernelSize: number | Pair,
  options: ConvOptions = {}
): Value {
  const attributes = { ...toConvolution('conv2dWeight', options), kernel: toPair(kernelSize) }
  return apply('conv2dWeight', [toValue(x), toValue(y)], attributes)
}

/** The parameters and statistics of batch normalisation, each of shape (C). */
export interface BatchNormOperands {
  readonly weight: Operand
  readonly bias: Operand
  readonly runningMean: Operand
  readonly runningVar: Operand
}

/**
 * `(x − mean) / √(var + eps) · weight + bias` per channel, with given statistics (torch: `F.batch_norm` in eval mode).
 * Shape: (N, C, …) → (N, C, …); all four operands (C). Ioffe & Szegedy 2015.
 */
export function batchNorm(x: Operand, operands: BatchNormOperands, eps = 1e-5): Value {
  checkArguments(
    'batchNorm',
    { operands },
    { operands: anObject('an object of weight, bias and statistics') }
  )
  const { weight, bias, runningMean, runningVar } = operands
  const statistics = [toValue(weight), toValue(bias), toValue(runningMean), toValue(runningVar)] as const
  return apply('batchNorm', [toValue(x), ...statistics], { eps })
}
