// Layer normalisation of images (torchvision: `LayerNorm2d` of ConvNeXt; Ba, Kiros & Hinton 2016, arXiv:1607.06450).
import { add, div, mul, sqrt, sub } from '../../ir/functional/elementwise.js'
import { mean, variance } from '../../ir/functional/reduction.js'
import type { Value } from '../../ir/ops.js'
import { aBoolean, checkOptions, numberAbove, type OptionsOf } from '../../base/options.js'
import { ones, zeros } from '../../tensor/tensor.js'
import { Parameter } from '../parameter.js'
import { pyBool, pyFloat } from '../repr.js'
import { Normalisation, perChannel } from './normalisation.js'

const OPTIONS = {
  /** Added to the variance before the root; default 1e-5. */
  eps: numberAbove(0),
  /** Whether to learn a scale and a shift for each channel; default true (torch: `elementwise_affine`). */
  elementwiseAffine: aBoolean
}

/** Options of `LayerNorm2d`, with torch's meaning and defaults. */
export interface LayerNorm2dOptions extends OptionsOf<typeof OPTIONS> {}

/** Normalises the channels of each pixel, then scales and shifts them. Shape: (N, channels, H, W) → the same. */
export class LayerNorm2d extends Normalisation {
  readonly channels: number
  readonly eps: number
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined

  constructor(channels: number, options: LayerNorm2dOptions = {}) {
    super()
    const { eps = 1e-5, elementwiseAffine = true } = checkOptions(new.target.name, options, OPTIONS)
    this.channels = channels
    this.eps = eps
    this.weight = elementwiseAffine ? new Parameter(ones([channels])) : undefined
    this.bias = elementwiseAffine ? new Parameter(zeros([channels])) : undefined
  }

  forward(x: Value): Value {
    const centred = sub(x, mean(x, 1, { keepDim: true }))
    const normal = div(centred, sqrt(add(variance(x, 1, { keepDim: true }), this.eps)))
    if (!this.weight || !this.bias) return normal
    return add(mul(normal, perChannel(this.weight)), perChannel(this.bias))
  }

  override extraRepr(): string {
    const affine = pyBool(this.weight !== undefined)
    return `(${this.channels},), eps=${pyFloat(this.eps)}, elementwise_affine=${affine}`
  }
}
