// Group normalisation (torch: `nn.GroupNorm`; Wu & He 2018, arXiv:1803.08494): statistics independent of the batch.
import { add, div, mul, sqrt, sub } from '../../ir/functional/elementwise.js'
import { mean, variance } from '../../ir/functional/reduction.js'
import { reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { aBoolean, checkOptions, numberAbove, type OptionsOf } from '../../base/options.js'
import { ones, zeros } from '../../tensor/tensor.js'
import { Parameter } from '../parameter.js'
import { pyBool, pyFloat } from '../repr.js'
import { Normalisation, perChannel } from './normalisation.js'

const OPTIONS = {
  /** Added to the variance before the root; default 1e-5. */
  eps: numberAbove(0),
  /** Whether to learn a scale and a shift for each channel; default true. */
  affine: aBoolean
}

/** Options of `GroupNorm`, with torch's meaning and defaults. */
export interface GroupNormOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Normalises each group of channels of each image to zero mean and unit variance, then scales and shifts the channels.
 *
 * Shape: (N, numChannels, H, W) → the same. PyTorch difference: images only.
 * @example
 * resnet50({ normLayer: channels => new GroupNorm(32, channels) })
 */
export class GroupNorm extends Normalisation {
  readonly numGroups: number
  readonly numChannels: number
  readonly eps: number
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined

  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super()
    const { eps = 1e-5, affine = true } = checkOptions(new.target.name, options, OPTIONS)
    if (!Number.isSafeInteger(numChannels / numGroups)) {
      throw new ResnetError(`GroupNorm: ${numChannels} channels do not divide into ${numGroups} groups`)
    }
    this.numGroups = numGroups
    this.numChannels = numChannels
    this.eps = eps
    this.weight = affine ? new Parameter(ones([numChannels])) : undefined
    this.bias = affine ? new Parameter(zeros([numChannels])) : undefined
  }

  get channels(): number {
    return this.numChannels
  }

  forward(x: Value): Value {
    const groups = reshape(x, [x.shape[0], this.numGroups, -1])
    const centred = sub(groups, mean(groups, 2, { keepDim: true }))
    const normal = div(centred, sqrt(add(variance(groups, 2, { keepDim: true }), this.eps)))
    const scaled = reshape(normal, x.shape)
    if (!this.weight || !this.bias) return scaled
    return add(mul(scaled, perChannel(this.weight)), perChannel(this.bias))
  }

  override extraRepr(): string {
    const affine = pyBool(this.weight !== undefined)
    return `${this.numGroups}, ${this.numChannels}, eps=${pyFloat(this.eps)}, affine=${affine}`
  }
}
