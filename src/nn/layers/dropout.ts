// Improving neural networks by preventing co-adaptation of feature detectors (Hinton et al. 2012, arXiv:1207.0580).
import { aBoolean, checkOptions } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module.js'
import { pyFloat, type ReprStyle } from '../repr.js'
import { dropRandomly } from './drop-randomly.js'

/**
 * Zeroes a share of its input in training; the identity in evaluation (torch: `nn.Dropout`).
 * PyTorch difference: random numbers are reproducible, but not torch's.
 */
export class Dropout extends Module {
  readonly p: number
  readonly inplace: boolean

  /**
   * @param p the share to drop, 0 … 1; default 0.5.
   * @throws ResnetError when p is not a share.
   */
  constructor(p = 0.5, options: { readonly inplace?: boolean } = {}) {
    super()
    const { inplace = false } = checkOptions(new.target.name, options, { inplace: aBoolean })
    if (!(p >= 0 && p <= 1)) throw new ResnetError(`Dropout: expected a share between 0 and 1, got ${p}`)
    this.p = p
    this.inplace = inplace
  }

  forward(x: Value): Value {
    return this.training && this.p > 0 ? dropRandomly('Dropout', x, this.p, x.shape) : x
  }

  override extraRepr(style: ReprStyle): string {
    const p = `p=${pyFloat(this.p)}`
    if (style === 'torch-1.0') return this.inplace ? `${p}, inplace` : p
    return `${p}, inplace=${this.inplace ? 'True' : 'False'}`
  }
}
