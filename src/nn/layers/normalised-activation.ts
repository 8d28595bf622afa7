// Normalisations that activate as well, for networks that need no other activation. Names and keys are timm's
// (github.com/huggingface/pytorch-image-models, `evo_norm.py`, `filter_response_norm.py`).
import {
  checkArguments,
  checkOptions,
  numberAbove,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { add, div, maximum, mul, sigmoid, sqrt } from '../../ir/functional/elementwise.js'
import { mean, variance } from '../../ir/functional/reduction.js'
import { reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ones, zeros } from '../../tensor/tensor.js'
import { Parameter } from '../module/parameter.js'
import { assertGroups, LearnedNormalisation, perChannel } from './normalisation.js'

const LEARNED = { affine: true, bias: true }

const EVO_NORM = {
  /** Groups of channels whose deviation is taken; default 32. */
  groups: positiveInteger,
  /** Added to the variance before the root; default 1e-5. */
  eps: numberAbove(0)
}

/** Options of `EvoNorm2dS0`. */
export interface EvoNorm2dS0Options extends OptionsOf<typeof EVO_NORM> {}

/**
 * EvoNorm-S0: `x · σ(v · x)` over the standard deviation of each group of channels of an image, scaled and shifted. No mean is
 * subtracted (timm: `EvoNorm2dS0`; Liu et al. 2020, arXiv:2004.02967, table 2).
 *
 * Shape: (N, channels, H, W) → the same.
 */
export class EvoNorm2dS0 extends LearnedNormalisation {
  readonly channels: number
  readonly groups: number
  readonly v: Parameter

  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(channels: number, options: EvoNorm2dS0Options = {}) {
    const { groups = 32, eps = 1e-5 } = checkOptions('EvoNorm2dS0', options, EVO_NORM)
    checkArguments('EvoNorm2dS0', { channels }, { channels: positiveInteger })
    assertGroups('EvoNorm2dS0', channels, groups)
    super(channels, eps, LEARNED)
    this.channels = channels
    this.groups = groups
    this.v = new Parameter(ones([channels]))
  }

  forward(x: Value): Value {
    const activated = mul(x, sigmoid(mul(x, perChannel(this.v))))
    const grouped = (images: Value): Value => reshape(images, [x.shape[0], this.groups, -1])
    const deviations = sqrt(add(variance(grouped(x), 2, { keepDim: true }), this.eps))
    return this.scaled(reshape(div(grouped(activated), deviations), x.shape))
  }
}

const RESPONSE_NORM = {
  /** Added to the mean square before the root; default 1e-5. */
  eps: numberAbove(0)
}

/** Options of `FilterResponseNormTlu2d`. */
export interface FilterResponseNormTlu2dOptions extends OptionsOf<typeof RESPONSE_NORM> {}

/**
 * Filter response normalisation: each channel of an image over the root of its mean square, scaled and shifted, and no less than
 * what the channel has learned, τ (timm: `FilterResponseNormTlu2d`; Singh & Krishnan 2019, arXiv:1911.09737, equations 1 to 4).
 *
 * Shape: (N, channels, H, W) → the same.
 */
export class FilterResponseNormTlu2d extends LearnedNormalisation {
  readonly channels: number
  readonly tau: Parameter

  constructor(channels: number, options: FilterResponseNormTlu2dOptions = {}) {
    const { eps = 1e-5 } = checkOptions('FilterResponseNormTlu2d', options, RESPONSE_NORM)
    checkArguments('FilterResponseNormTlu2d', { channels }, { channels: positiveInteger })
    super(channels, eps, LEARNED)
    this.channels = channels
    this.tau = new Parameter(zeros([channels]))
  }

  forward(x: Value): Value {
    const squares = mean(mul(x, x), [2, 3], { keepDim: true })
    const normalised = div(x, sqrt(add(squares, this.eps)))
    return maximum(this.scaled(normalised), perChannel(this.tau))
  }
}
