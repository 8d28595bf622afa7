// Batch normalisation with fixed statistics (torchvision: `ops.FrozenBatchNorm2d`), for fine-tuning with small batches.
import { batchNorm } from '../../ir/functional/linear.js'
import type { Value } from '../../ir/ops.js'
import { checkOptions, numberAbove } from '../../base/options.js'
import { ones, zeros } from '../../tensor/tensor.js'
import { ModuleBuffer } from '../parameter.js'
import { pyFloat } from '../repr.js'
import { Normalisation } from './normalisation.js'

/**
 * Normalises every channel by loaded statistics that never change; scale and shift are buffers too. It loads what a
 * `BatchNorm2d` saved, without `num_batches_tracked`.
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
