import { anyInteger, checkArguments } from '../../base/options.js'
import { flatten } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module/module.js'

/** Merges axes `startDim … endDim` (torch: `nn.Flatten`). Shape: (N, C, H, W) → (N, C·H·W) by default. */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1
  ) {
    super()
    checkArguments(new.target.name, { startDim, endDim }, { startDim: anyInteger, endDim: anyInteger })
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
