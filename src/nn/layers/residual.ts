// The two ways to wrap a function around its input: add it back, or let it gate.
import { add, mul } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module.js'

/**
 * `F(x) + x`: the body learns a residual, and the gradient reaches x undiminished (He et al. 2015).
 * A `shortcut` (a 1×1 convolution, say) takes x's place where the body changes the shape.
 */
export class Residual extends Module {
  readonly body: Module
  readonly shortcut: Module | undefined

  constructor(body: Module, { shortcut }: { shortcut?: Module } = {}) {
    super()
    this.body = body
    this.shortcut = shortcut
  }

  forward(x: Value): Value {
    return add(this.body.forward(x), this.shortcut ? this.shortcut.forward(x) : x)
  }
}

/** `F(x) · x`: the body computes how much of each element passes, which is attention in its simplest form. */
export class Gated extends Module {
  readonly body: Module

  constructor(body: Module) {
    super()
    this.body = body
  }

  forward(x: Value): Value {
    return mul(this.body.forward(x), x)
  }
}
