// Convolutions whose kernels are standardised before each use: Micro-Batch Training with Batch-Channel Normalization and Weight
// Standardization (Qiao et al. 2019, arXiv:1903.10520, equation 5), as Big Transfer uses them (arXiv:1912.11370).
import { numberAbove, checkOptions, type OptionsOf } from '../../base/options.js'
import { add, conv2d, div, mean, reshape, sqrt, sub, variance } from '../../ir/functional/index.js'
import type { Pair, Value } from '../../ir/ops.js'
import { CONV2D, Conv2d } from './convolution.js'

const OPTIONS = {
  ...CONV2D,
  /** Added to the variance of each kernel; default 1e-6, as in timm. */
  eps: numberAbove(0)
}

/** Options of `StdConv2d`: those of `Conv2d`, without a bias unless one is asked for. */
export interface StdConv2dOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * A convolution whose kernels have zero mean and unit variance for each output channel (timm: `StdConv2d`).
 *
 * Shape: as `Conv2d`.
 * @example
 * new StdConv2d(64, 128, 3, { padding: 1, eps: 1e-8 })
 */
export class StdConv2d extends Conv2d {
  readonly eps: number

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | Pair,
    options: StdConv2dOptions = {}
  ) {
    const { eps = 1e-6, bias = false, ...rest } = checkOptions('StdConv2d', options, OPTIONS)
    super(inChannels, outChannels, kernelSize, { ...rest, bias })
    this.eps = eps
  }

  override forward(x: Value): Value {
    const { stride, padding, dilation, groups, outChannels } = this
    const kernels = reshape(this.weight, [outChannels, -1])
    const centred = sub(kernels, mean(kernels, 1, { keepDim: true }))
    const standardised = div(centred, sqrt(add(variance(kernels, 1, { keepDim: true }), this.eps)))
    const weight = reshape(standardised, this.weight.shape)
    return conv2d(x, weight, this.bias, { stride, padding, dilation, groups })
  }
}
