// Layers that drop at random in training and are the identity in evaluation.
import { aBoolean, checkArguments, checkOptions, numberBetween, oneOf } from '../../base/options.js'
import { div, heaviside, mul, sub } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { uniformNoise } from '../trace/effects.js'
import { Module } from '../module/module.js'
import { pyFloat, type ReprStyle } from '../module/repr.js'

/**
 * Zeroes a share of its input in training; the identity in evaluation (torch: `nn.Dropout`; Hinton et al. 2012,
 * arXiv:1207.0580).
 * PyTorch difference: random numbers are reproducible, but not torch's.
 */
export class Dropout extends Module {
  readonly p: number
  readonly inplace: boolean

  /**
   * @param p the share to drop, 0 … 1; default 0.5.
   * @throws OptionError when p is not a share.
   */
  constructor(p = 0.5, options: { readonly inplace?: boolean } = {}) {
    super()
    const { inplace = false } = checkOptions(new.target.name, options, { inplace: aBoolean })
    checkArguments(new.target.name, { p }, { p: numberBetween(0, 1) })
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

/**
 * Drops its whole input with probability p in training and scales what is kept by 1 / (1 − p); the identity in evaluation.
 * After a residual body, only the shortcut remains (Huang et al. 2016, arXiv:1603.09382; torchvision: `ops.StochasticDepth`). PyTorch difference: random numbers are reproducible, but not torch's.
 */
export class StochasticDepth extends Module {
  /**
   * @param p drop probability, 0 … 1.
   * @param mode `'row'` draws per item, `'batch'` once for all.
   * @throws OptionError for a p outside 0 … 1 or an unknown mode.
   */
  constructor(
    readonly p: number,
    readonly mode: 'batch' | 'row'
  ) {
    super()
    checkArguments(new.target.name, { p, mode }, { p: numberBetween(0, 1), mode: oneOf('batch', 'row') })
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

/**
 * Zeroes elements with probability p and scales the others by 1 / (1 − p).
 * @param draws the shape of the random mask, broadcast to x.
 */
function dropRandomly(layer: string, x: Value, p: number, draws: Shape): Value {
  const kept = heaviside(sub(uniformNoise(layer, draws), p))
  // Avoids a division by zero.
  return mul(x, p === 1 ? 0 : div(kept, 1 - p))
}
