// Batch normalisation over the channels of images (torch: `nn.BatchNorm2d`; Ioffe & Szegedy 2015).
import {
  aBoolean,
  checkOptions,
  either,
  finiteNumber,
  numberFrom,
  oneOf,
  type OptionsOf
} from '../../base/options.js'
import { add, div, mul, sub } from '../../ir/functional/elementwise.js'
import { batchNorm } from '../../ir/functional/linear.js'
import { mean, variance } from '../../ir/functional/reduction.js'
import { cast, reshape } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { staticDim } from '../../ir/shape.js'
import { ShapeError } from '../../base/errors.js'
import { formatShape, ones, Tensor, zeros } from '../../tensor/tensor.js'
import { updateBuffer } from '../effects.js'
import { ModuleBuffer, Parameter } from '../parameter.js'
import { pyBool, pyFloat } from '../repr.js'
import { Normalisation } from './normalisation.js'

const OPTIONS = {
  /** Added to the variance before the root; default 1e-5. */
  eps: numberFrom(0),
  /** The new batch's share in the running statistics; null for a cumulative average. Default 0.1. */
  momentum: either(finiteNumber, oneOf(null)),
  /** Whether to learn a scale and a shift; default true. */
  affine: aBoolean,
  /** Whether to keep running statistics; without them the batch's own are always used. Default true. */
  trackRunningStats: aBoolean
}

/** Options of `BatchNorm2d`, with torch's meaning and defaults. */
export interface BatchNorm2dOptions extends OptionsOf<typeof OPTIONS> {}

const OVER_BATCH = [0, 2, 3]

/**
 * Normalises every channel to zero mean and unit variance, then scales and shifts it.
 *
 * Shape: (N, numFeatures, H, W) → the same.
 * `running_var` is the unbiased variance, as torch's is; the batch itself is normalised by the biased one.
 */
export class BatchNorm2d extends Normalisation {
  readonly numFeatures: number
  readonly eps: number
  readonly momentum: number | null
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined
  readonly running_mean: ModuleBuffer | undefined
  readonly running_var: ModuleBuffer | undefined
  readonly num_batches_tracked: ModuleBuffer | undefined

  constructor(numFeatures: number, options: BatchNorm2dOptions = {}) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options
    this.numFeatures = numFeatures
    this.eps = eps
    this.momentum = momentum
    if (affine) {
      this.weight = new Parameter(ones([numFeatures]))
      this.bias = new Parameter(zeros([numFeatures]))
    }
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
          ? add(running, div(sub(batch, running), this.#batchesWithThis(num_batches_tracked)))
          : add(mul(running, 1 - this.momentum), mul(batch, this.momentum))
      )
    follow(running_mean, batchMean)
    follow(running_var, mul(batchVar, count / (count - 1)))
  }

  #batchesWithThis(tracked: ModuleBuffer): Value {
    return add(cast(tracked, 'float32'), 1)
  }

  override extraRepr(): string {
    const momentum = this.momentum === null ? 'None' : pyFloat(this.momentum)
    const affine = pyBool(this.weight !== undefined)
    const tracking = pyBool(this.running_mean !== undefined)
    return `${this.numFeatures}, eps=${pyFloat(this.eps)}, momentum=${momentum}, affine=${affine}, track_running_stats=${tracking}`
  }
}
