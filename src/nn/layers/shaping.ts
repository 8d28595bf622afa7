// Layers without arithmetic: flatten, identity, dropout (which only acts while training).
import { div, heaviside, mul, sub } from '../../ir/functional/elementwise.js'
import { flatten } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../tensor/errors.js'
import { uniformNoise } from '../effects.js'
import { Module } from '../module.js'
import { pyFloat, type ReprStyle } from '../repr.js'

/** Merges axes `startDim … endDim` (torch: `nn.Flatten`). Shape: (N, C, H, W) → (N, C·H·W) by default. */
export class Flatten extends Module {
  readonly startDim: number
  readonly endDim: number

  constructor(startDim = 1, endDim = -1) {
    super()
    this.startDim = startDim
    this.endDim = endDim
  }

  forward(x: Value): Value {
    return flatten(x, this.startDim, this.endDim)
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`
  }
}

/** Passes its input through (torch: `nn.Identity`). */
export class Identity extends Module {
  forward(x: Value): Value {
    return x
  }
}

/**
 * Zeroes a share of its input while training; passes it through in evaluation (torch: `nn.Dropout`).
 * PyTorch difference: the random numbers are the trainer's, so runs repeat, but not torch's.
 */
export class Dropout extends Module {
  readonly p: number
  readonly inplace: boolean

  /**
   * @param p the share to drop, 0 … 1; default 0.5.
   * @throws ResnetError when p is not a share.
   */
  constructor(p = 0.5, { inplace = false }: { inplace?: boolean } = {}) {
    super()
    if (!(p >= 0 && p <= 1)) throw new ResnetError(`Dropout: expected a share between 0 and 1, got ${p}`)
    this.p = p
    this.inplace = inplace
  }

  forward(x: Value): Value {
    if (!this.training || this.p === 0) return x
    // Kept with probability 1 − p, and scaled so that the mean stays; nothing is left to scale where all is dropped.
    const kept = heaviside(sub(uniformNoise('Dropout', x.shape), this.p))
    return mul(x, this.p === 1 ? 0 : div(kept, 1 - this.p))
  }

  override extraRepr(style: ReprStyle): string {
    const p = `p=${pyFloat(this.p)}`
    if (style === 'torch-1.0') return this.inplace ? `${p}, inplace` : p
    return `${p}, inplace=${this.inplace ? 'True' : 'False'}`
  }
}
