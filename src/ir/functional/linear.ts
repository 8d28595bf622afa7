// The products: matrix product, linear map, convolution; and the normalisation that follows a convolution.
import { apply } from '../apply.js'
import { toValue, type Operand } from '../operand.js'
import type { Pair, Value } from '../ops.js'
import { toPair } from './pair.js'

/** The matrix product of the last two axes; leading axes broadcast (torch: `matmul`). */
export function matmul(a: Operand, b: Operand): Value {
  return apply('matmul', [toValue(a), toValue(b)], {})
}

/** `x · Wᵀ + b`. Shape: x (…, in), weight (out, in), bias (out) → (…, out) (torch: `F.linear`). */
export function linear(x: Operand, weight: Operand, bias?: Operand): Value {
  const [features, matrix] = [toValue(x), toValue(weight)]
  return apply('linear', bias === undefined ? [features, matrix] : [features, matrix, toValue(bias)], {})
}

/** How a kernel moves over its input; a number stands for both directions. */
export interface ConvOptions {
  readonly stride?: number | Pair
  readonly padding?: number | Pair
  readonly dilation?: number | Pair
  readonly groups?: number
}

/**
 * Convolution (cross-correlation) over images (torch: `F.conv2d`).
 *
 * Shape: x (N, C, H, W), weight (O, C / groups, kH, kW), bias (O) → (N, O, H', W').
 * @throws ShapeError when channels, groups and weight do not fit together.
 */
export function conv2d(
  x: Operand,
  weight: Operand,
  bias?: Operand,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvOptions = {}
): Value {
  const [rows, columns] = toPair(padding)
  const attributes = {
    stride: toPair(stride),
    padding: [rows, columns, rows, columns],
    dilation: toPair(dilation),
    groups
  } as const
  const [image, kernel] = [toValue(x), toValue(weight)]
  return apply('conv2d', bias === undefined ? [image, kernel] : [image, kernel, toValue(bias)], attributes)
}

/** What a channel is normalised with. */
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
export function batchNorm(
  x: Operand,
  { weight, bias, runningMean, runningVar }: BatchNormOperands,
  eps = 1e-5
): Value {
  const statistics = [toValue(weight), toValue(bias), toValue(runningMean), toValue(runningVar)] as const
  return apply('batchNorm', [toValue(x), ...statistics], { eps })
}
