import {
  aBoolean,
  anyInteger,
  checkArguments,
  checkOptions,
  oneOf,
  type NoOptions
} from '../../base/options.js'
import { gelu, relu, sigmoid, silu, softmax, tanh } from '../../ir/functional/index.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module/module.js'
import type { ReprStyle } from '../module/repr.js'

/** `max(x, 0)` (torch: `nn.ReLU`). `inplace` is kept for printing; values in a graph never change. */
export class ReLU extends Module {
  readonly inplace: boolean

  constructor(options: { readonly inplace?: boolean } = {}) {
    super()
    const { inplace = false } = checkOptions(new.target.name, options, { inplace: aBoolean })
    this.inplace = inplace
  }

  forward(x: Value): Value {
    return relu(x)
  }

  override extraRepr(style: ReprStyle): string {
    if (!this.inplace) return ''
    return style === 'torch-1.0' ? 'inplace' : 'inplace=True'
  }
}

abstract class WithoutOptions extends Module {
  constructor(options: NoOptions = {}) {
    super()
    checkOptions(new.target.name, options, {})
  }
}

/** `1 / (1 + e⁻ˣ)` (torch: `nn.Sigmoid`). */
export class Sigmoid extends WithoutOptions {
  forward(x: Value): Value {
    return sigmoid(x)
  }
}

/** The hyperbolic tangent (torch: `nn.Tanh`). */
export class Tanh extends WithoutOptions {
  forward(x: Value): Value {
    return tanh(x)
  }
}

/** `x · σ(x)` (torch: `nn.SiLU`). */
export class SiLU extends WithoutOptions {
  forward(x: Value): Value {
    return silu(x)
  }
}

/** `x · Φ(x)` (torch: `nn.GELU`). */
export class GELU extends Module {
  constructor(options: { readonly approximate?: 'none' } = {}) {
    super()
    checkOptions(new.target.name, options, { approximate: oneOf('none') })
  }

  forward(x: Value): Value {
    return gelu(x)
  }

  override extraRepr(): string {
    return "approximate='none'"
  }
}

/** `eˣ / Σ eˣ` along an axis (torch: `nn.Softmax`). */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super()
    checkArguments(new.target.name, { dim }, { dim: anyInteger })
  }

  forward(x: Value): Value {
    return softmax(x, this.dim)
  }

  override extraRepr(): string {
    return `dim=${this.dim}`
  }
}
