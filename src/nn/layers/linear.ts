// A fully connected layer (torch: `nn.Linear`).
import { aBoolean, checkOptions } from '../../base/options.js'
import { linear } from '../../ir/functional/linear.js'
import type { Value } from '../../ir/ops.js'
import { kaimingUniform, uniform } from '../init.js'
import { Module } from '../module.js'
import { Parameter } from '../parameter.js'
import { pyBool } from '../repr.js'

/** `x · Wᵀ + b`. Shape: (…, inFeatures) → (…, outFeatures). */
export class Linear extends Module {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly weight: Parameter
  readonly bias: Parameter | undefined

  constructor(inFeatures: number, outFeatures: number, options: { readonly bias?: boolean } = {}) {
    super()
    const { bias = true } = checkOptions(new.target.name, options, { bias: aBoolean })
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.weight = new Parameter([outFeatures, inFeatures])
    this.bias = bias ? new Parameter([outFeatures]) : undefined
    this.resetParameters()
  }

  /** Draws fresh weights from the default generator (torch: `reset_parameters`). */
  resetParameters(): void {
    kaimingUniform(this.weight, { a: Math.sqrt(5) })
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0
    if (this.bias) uniform(this.bias, -bound, bound)
  }

  forward(x: Value): Value {
    return linear(x, this.weight, this.bias)
  }

  override extraRepr(): string {
    const { inFeatures, outFeatures, bias } = this
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=${pyBool(bias !== undefined)}`
  }
}
