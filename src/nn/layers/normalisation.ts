// Normalisations of images. Code that looks for the normalisation after a convolution checks for their base class.
import { counted } from '../../base/figures.js'
import {
  aBoolean,
  checkArguments,
  checkOptions,
  either,
  finiteNumber,
  instanceOf,
  numberAbove,
  numberFrom,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { ResnetError, ShapeError } from '../../base/errors.js'
import { add, div, mul, sqrt, sub } from '../../ir/functional/elementwise.js'
import { batchNorm } from '../../ir/functional/linear.js'
import { mean, variance } from '../../ir/functional/reduction.js'
import { cast, reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { staticDim } from '../../ir/shape.js'
import { formatShape, ones, Tensor, zeros } from '../../tensor/tensor.js'
import { updateBuffer } from '../trace/effects.js'
import { Module } from '../module/module.js'
import { ModuleBuffer, Parameter } from '../module/parameter.js'
import { pyBool, pyFloat, type ReprStyle } from '../module/repr.js'

/** Normalises images (N, channels, H, W) and keeps their shape. */
export abstract class Normalisation extends Module {
  abstract readonly channels: number
}

/** x with zero mean and unit variance along an axis. */
function standardised(x: Value, axis: number, eps: number): Value {
  const centred = sub(x, mean(x, axis, { keepDim: true }))
  return div(centred, sqrt(add(variance(x, axis, { keepDim: true }), eps)))
}

/** Numbers for the channels of images. */
export function perChannel(parameter: Parameter): Value {
  return reshape(parameter, [1, ...parameter.shape, 1, 1])
}

/** A normalisation that may learn a scale and a shift for each channel. */
export abstract class LearnedNormalisation extends Normalisation {
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined

  constructor(
    channels: number,
    readonly eps: number,
    learned: { readonly affine: boolean; readonly bias: boolean }
  ) {
    super()
    this.weight = learned.affine ? new Parameter(ones([channels])) : undefined
    this.bias = learned.affine && learned.bias ? new Parameter(zeros([channels])) : undefined
  }

  /** Images (N, C, H, W) scaled and shifted. */
  protected scaled(x: Value): Value {
    if (!this.weight) return x
    const scaled = mul(x, perChannel(this.weight))
    return this.bias ? add(scaled, perChannel(this.bias)) : scaled
  }

  /** Which of scale and shift are learned, as torch prints it: the shift by itself since 2.12. */
  protected learnedRepr(affine: 'affine' | 'elementwise_affine', style: ReprStyle): string {
    const scale = `${affine}=${pyBool(this.weight !== undefined)}`
    return style === 'torch' ? `${scale}, bias=${pyBool(this.bias !== undefined)}` : scale
  }
}

const BATCH_NORM = {
  /** Added to the variance before the root; default 1e-5. */
  eps: numberFrom(0),
  /** The new batch's share in the running statistics; null for a cumulative average. Default 0.1. */
  momentum: either(finiteNumber, oneOf(null)),
  /** Whether to learn a scale and a shift; default true. */
  affine: aBoolean,
  /** Whether to learn the shift, where a scale is learned; default true. */
  bias: aBoolean,
  /** Whether to keep running statistics; without them the batch's own are always used. Default true. */
  trackRunningStats: aBoolean
}

/** Options of `BatchNorm2d`, with torch's meaning and defaults. */
export interface BatchNorm2dOptions extends OptionsOf<typeof BATCH_NORM> {}

const OVER_BATCH = [0, 2, 3]

/**
 * Normalises every channel to zero mean and unit variance, then scales and shifts it (torch: `nn.BatchNorm2d`; Ioffe & Szegedy
 * 2015, arXiv:1502.03167).
 *
 * Shape: (N, numFeatures, H, W) → the same.
 * `running_var` is the unbiased variance, as torch's is; the batch itself is normalised by the biased one.
 */
export class BatchNorm2d extends LearnedNormalisation {
  readonly numFeatures: number
  readonly momentum: number | null
  readonly running_mean: ModuleBuffer | undefined
  readonly running_var: ModuleBuffer | undefined
  readonly num_batches_tracked: ModuleBuffer | undefined

  constructor(numFeatures: number, options: BatchNorm2dOptions = {}) {
    checkOptions(new.target.name, options, BATCH_NORM)
    checkArguments(new.target.name, { numFeatures }, { numFeatures: positiveInteger })
    const { eps = 1e-5, momentum = 0.1, affine = true, bias = true, trackRunningStats = true } = options
    super(numFeatures, eps, { affine, bias })
    this.numFeatures = numFeatures
    this.momentum = momentum
    if (trackRunningStats) {
      this.running_mean = new ModuleBuffer(zeros([numFeatures]))
      this.running_var = new ModuleBuffer(ones([numFeatures]))
      this.num_batches_tracked = new ModuleBuffer(new Tensor(BigInt64Array.of(0n), [], 'int64'))
    }
  }

  get channels(): number {
    return this.numFeatures
  }

  forward(x: Value): Value {
    const weight = this.weight ?? ones([this.numFeatures])
    const bias = this.bias ?? zeros([this.numFeatures])
    if (!this.training && this.running_mean && this.running_var) {
      const { running_mean: runningMean, running_var: runningVar } = this
      return batchNorm(x, { weight, bias, runningMean, runningVar }, this.eps)
    }
    // Keeps all axes, so that mean and variance share the mean in the graph.
    const batchMean = reshape(mean(x, OVER_BATCH, { keepDim: true }), [this.numFeatures])
    const batchVar = variance(x, OVER_BATCH)
    if (this.training) this.#remember(x, batchMean, batchVar)
    return batchNorm(x, { weight, bias, runningMean: batchMean, runningVar: batchVar }, this.eps)
  }

  /** Updates the running statistics: `(1 − momentum) · running + momentum · batch`. */
  #remember(x: Value, batchMean: Value, batchVar: Value): void {
    const { running_mean, running_var, num_batches_tracked } = this
    if (!running_mean || !running_var || !num_batches_tracked) return
    const count = OVER_BATCH.reduce((product, axis) => product * staticDim('BatchNorm2d', x.shape, axis), 1)
    if (count < 2) {
      throw new ShapeError(
        `BatchNorm2d: expected more than one value per channel when training, got ${formatShape(x.shape)}`
      )
    }
    updateBuffer(num_batches_tracked, batches => add(batches, new Tensor(BigInt64Array.of(1n), [], 'int64')))
    const follow = (buffer: ModuleBuffer, batch: Value): void =>
      updateBuffer(buffer, running =>
        this.momentum === null
          ? add(running, div(sub(batch, running), cast(num_batches_tracked, 'float32')))
          : add(mul(running, 1 - this.momentum), mul(batch, this.momentum))
      )
    follow(running_mean, batchMean)
    follow(running_var, mul(batchVar, count / (count - 1)))
  }

  override extraRepr(style: ReprStyle): string {
    const momentum = this.momentum === null ? 'None' : pyFloat(this.momentum)
    const learned = this.learnedRepr('affine', style)
    const tracking = pyBool(this.running_mean !== undefined)
    return `${this.numFeatures}, eps=${pyFloat(this.eps)}, momentum=${momentum}, ${learned}, track_running_stats=${tracking}`
  }
}

/**
 * Keeps the statistics of every `BatchNorm2d`: sets these layers to evaluation mode, in which they normalise by what they
 * remember and update nothing. Their scale and shift are still trained; `freeze` keeps those too. As in torch, `net.train()`
 * undoes it, so call it after.
 * @throws ResnetError when the network has no such layer.
 * @example
 * freezeBatchNorm(net.train())
 */
export function freezeBatchNorm<M extends Module>(net: M): M {
  checkArguments('freezeBatchNorm', { net }, { net: instanceOf(Module) })
  const layers = [...net.modules()].filter(module => module instanceof BatchNorm2d && module.running_mean)
  if (layers.length === 0) {
    throw new ResnetError(`freezeBatchNorm: ${net.typeName} has no BatchNorm2d with statistics to keep`)
  }
  for (const layer of layers) layer.eval()
  return net
}

/**
 * Normalises every channel by loaded statistics that never change, for fine-tuning with small batches; scale and shift are
 * buffers too (torchvision: `ops.FrozenBatchNorm2d`). It loads what a `BatchNorm2d` saved, without `num_batches_tracked`.
 *
 * Shape: (N, numFeatures, H, W) → the same.
 * @example
 * resnet50({ normLayer: channels => new FrozenBatchNorm2d(channels) })
 */
export class FrozenBatchNorm2d extends Normalisation {
  readonly eps: number
  readonly weight: ModuleBuffer
  readonly bias: ModuleBuffer
  readonly running_mean: ModuleBuffer
  readonly running_var: ModuleBuffer

  /** @param options `eps`: added to the variance before the root; default 1e-5. */
  constructor(numFeatures: number, options: { readonly eps?: number } = {}) {
    super()
    const { eps = 1e-5 } = checkOptions(new.target.name, options, { eps: numberAbove(0) })
    checkArguments(new.target.name, { numFeatures }, { numFeatures: positiveInteger })
    this.eps = eps
    this.weight = new ModuleBuffer(ones([numFeatures]))
    this.bias = new ModuleBuffer(zeros([numFeatures]))
    this.running_mean = new ModuleBuffer(zeros([numFeatures]))
    this.running_var = new ModuleBuffer(ones([numFeatures]))
  }

  get channels(): number {
    return this.weight.shape[0]
  }

  override get ignoredKeys(): readonly string[] {
    return ['num_batches_tracked']
  }

  forward(x: Value): Value {
    const { weight, bias, running_mean: runningMean, running_var: runningVar } = this
    return batchNorm(x, { weight, bias, runningMean, runningVar }, this.eps)
  }

  override extraRepr(): string {
    return `${this.channels}, eps=${pyFloat(this.eps)}`
  }
}

const GROUP_NORM = {
  /** Added to the variance before the root; default 1e-5. */
  eps: numberAbove(0),
  /** Whether to learn a scale and a shift for each channel; default true. */
  affine: aBoolean,
  /** Whether to learn the shift, where a scale is learned; default true. */
  bias: aBoolean
}

const GROUP_NORM_ARGUMENTS = { numGroups: positiveInteger, numChannels: positiveInteger }

/** Options of `GroupNorm`, with torch's meaning and defaults. */
export interface GroupNormOptions extends OptionsOf<typeof GROUP_NORM> {}

/**
 * Normalises each group of channels of each image to zero mean and unit variance, then scales and shifts the channels: its
 * statistics are independent of the batch (torch: `nn.GroupNorm`; Wu & He 2018, arXiv:1803.08494).
 *
 * Shape: (N, numChannels, H, W) → the same. PyTorch difference: images only.
 * @example
 * resnet50({ normLayer: channels => new GroupNorm(32, channels) })
 */
export class GroupNorm extends LearnedNormalisation {
  readonly numGroups: number
  readonly numChannels: number

  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    const { eps = 1e-5, affine = true, bias = true } = checkOptions(new.target.name, options, GROUP_NORM)
    checkArguments(new.target.name, { numGroups, numChannels }, GROUP_NORM_ARGUMENTS)
    assertGroups('GroupNorm', numChannels, numGroups)
    super(numChannels, eps, { affine, bias })
    this.numGroups = numGroups
    this.numChannels = numChannels
  }

  get channels(): number {
    return this.numChannels
  }

  forward(x: Value): Value {
    const groups = reshape(x, [x.shape[0], this.numGroups, -1])
    return this.scaled(reshape(standardised(groups, 2, this.eps), x.shape))
  }

  override extraRepr(style: ReprStyle): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${pyFloat(this.eps)}, ${this.learnedRepr('affine', style)}`
  }
}

/** @throws ResnetError when channels do not divide into groups. */
export function assertGroups(name: string, channels: number, groups: number): void {
  if (channels % groups === 0) return
  throw new ResnetError(
    `${name}: ${counted(channels, 'channel', 'channels')} cannot be divided into ${groups} groups`
  )
}

const LAYER_NORM = {
  /** Added to the variance before the root; default 1e-5. */
  eps: numberAbove(0),
  /** Whether to learn a scale and a shift for each channel; default true (torch: `elementwise_affine`). */
  elementwiseAffine: aBoolean,
  /** Whether to learn the shift, where a scale is learned; default true. */
  bias: aBoolean
}

/** Options of `LayerNorm2d`, with torch's meaning and defaults. */
export interface LayerNorm2dOptions extends OptionsOf<typeof LAYER_NORM> {}

/**
 * Normalises the channels of each pixel, then scales and shifts them (torchvision: `LayerNorm2d` of ConvNeXt; Ba, Kiros &
 * Hinton 2016, arXiv:1607.06450). Shape: (N, channels, H, W) → the same.
 */
export class LayerNorm2d extends LearnedNormalisation {
  readonly channels: number

  constructor(channels: number, options: LayerNorm2dOptions = {}) {
    const checked = checkOptions(new.target.name, options, LAYER_NORM)
    const { eps = 1e-5, elementwiseAffine: affine = true, bias = true } = checked
    checkArguments(new.target.name, { channels }, { channels: positiveInteger })
    super(channels, eps, { affine, bias })
    this.channels = channels
  }

  forward(x: Value): Value {
    return this.scaled(standardised(x, 1, this.eps))
  }

  override extraRepr(style: ReprStyle): string {
    return `(${this.channels},), eps=${pyFloat(this.eps)}, ${this.learnedRepr('elementwise_affine', style)}`
  }
}
