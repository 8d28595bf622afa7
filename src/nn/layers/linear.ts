// A fully connected layer (torch: `nn.Linear`).
import { aBoolean, checkArguments, checkOptions, positiveInteger } from '../../base/options.js'
import { linear } from '../../ir/functional/linear.js'
import type { Value } from '../../ir/ops.js'
import { calculateFan, kaimingUniform, uniform } from '../init.js'
import { Module } from '../module/module.js'
import { Parameter } from '../module/parameter.js'
import { pyBool } from '../module/repr.js'

const ARGUMENTS = { inFeatures: positiveInteger, outFeatures: positiveInteger }

/** `x · Wᵀ + b`. Shape: (…, inFeatures) → (…, outFeatures). */
export class Linear extends Module {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly weight: Parameter
  readonly bias: Parameter | undefined

  constructor(inFeatures: number, outFeatures: number, options: { readonly bias?: boolean } = {}) {
    super()
    const { bias = true } = checkOptions(new.target.name, options, { bias: aBoolean })
    checkArguments(new.target.name, { inFeatures, outFeatures }, ARGUMENTS)
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.weight = new Parameter([outFeatures, inFeatures])
    this.bias = bias ? new Parameter([outFeatures]) : undefined
    this.resetParameters()
  }

  /** Draws fresh weights from the default generator (torch: `reset_parameters`). */
  resetParameters(): void {
    drawWeights(this.weight, this.bias)
  }

  forward(x: Value): Value {
    return linear(x, this.weight, this.bias)
  }

  override extraRepr(): string {
    const { inFeatures, outFeatures, bias } = this
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=${pyBool(bias !== undefined)}`
  }
}

/** Draws weights as torch does: kaiming-uniform with a = √5, and a bias within ±1 / √fan_in. */
export function drawWeights(weight: Parameter, bias: Parameter | undefined): void {
  kaimingUniform(weight, { a: Math.sqrt(5) })
  const bound = 1 / Math.sqrt(calculateFan(weight.shape).fanIn)
  if (bias) uniform(bias, -bound, bound)
}
