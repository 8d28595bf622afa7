// Layers without arithmetic: flatten, identity, dropout (which only acts while training).
import { flatten } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../tensor/errors.js'
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

/** Zeroes a share of its input while training; passes it through in evaluation (torch: `nn.Dropout`). */
export class Dropout extends Module {
  readonly p: number
  readonly inplace: boolean

  /** @param p the share to drop, 0 … 1; default 0.5. */
  constructor(p = 0.5, { inplace = false }: { inplace?: boolean } = {}) {
    super()
    this.p = p
    this.inplace = inplace
  }

  forward(x: Value): Value {
    if (this.training && this.p > 0) {
      throw new ResnetError('Dropout: a graph has no random numbers; trace the network in evaluation mode')
    }
    return x
  }

  override extraRepr(style: ReprStyle): string {
    const p = `p=${pyFloat(this.p)}`
    if (style === 'torch-1.0') return this.inplace ? `${p}, inplace` : p
    return `${p}, inplace=${this.inplace ? 'True' : 'False'}`
  }
}
