// Deep Networks with Stochastic Depth (Huang et al. 2016, arXiv:1603.09382), as torchvision.ops.StochasticDepth.
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module.js'
import { pyFloat } from '../repr.js'
import { dropRandomly } from './drop-randomly.js'

/**
 * Drops its whole input with probability p in training and scales what is kept by 1 / (1 − p); the identity in evaluation.
 * After a residual body, only the shortcut remains. PyTorch difference: random numbers are reproducible, but not torch's.
 */
export class StochasticDepth extends Module {
  readonly p: number
  readonly mode: 'batch' | 'row'

  /**
   * @param p drop probability, 0 … 1.
   * @param mode `'row'` draws per item, `'batch'` once for all.
   * @throws ResnetError for a p outside 0 … 1 or an unknown mode.
   */
  constructor(p: number, mode: 'batch' | 'row') {
    super()
    if (!(p >= 0 && p <= 1)) {
      throw new ResnetError(`StochasticDepth: expected a probability between 0 and 1, got ${p}`)
    }
    if (!['batch', 'row'].includes(mode)) {
      throw new ResnetError(`StochasticDepth: expected the mode 'batch' or 'row', got '${mode}'`)
    }
    this.p = p
    this.mode = mode
  }

  forward(x: Value): Value {
    if (!this.training || this.p === 0) return x
    const items = this.mode === 'row' ? x.shape[0] : 1
    return dropRandomly('StochasticDepth', x, this.p, [items, ...x.shape.slice(1).map(() => 1)])
  }

  override extraRepr(): string {
    return `p=${pyFloat(this.p)}, mode=${this.mode}`
  }
}
