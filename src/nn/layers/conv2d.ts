// Convolution with learnable weights (torch: `nn.Conv2d`).
import type { ConvOptions } from '../../ir/functional/linear.js'
import { conv2d } from '../../ir/functional/linear.js'
import { toPair } from '../../ir/functional/pair.js'
import type { Pair, Value } from '../../ir/ops.js'
import { ResnetError } from '../../tensor/errors.js'
import { kaimingUniform, uniform } from '../init.js'
import { Module } from '../module.js'
import { Parameter } from '../parameter.js'
import { pyTuple } from '../repr.js'

/** Options of `Conv2d`; a number stands for height and width. */
export interface Conv2dOptions extends ConvOptions {
  /** Whether to add a learnable bias; default true. */
  readonly bias?: boolean
}

/**
 * A 2-D convolution.
 *
 * Shape: (N, inChannels, H, W) → (N, outChannels, H', W').
 * Initialised as torch does: kaiming-uniform with a = √5, and a bias within ±1 / √fan_in.
 */
export class Conv2d extends Module {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: Pair
  readonly stride: Pair
  readonly padding: Pair
  readonly dilation: Pair
  readonly groups: number
  readonly weight: Parameter
  readonly bias: Parameter | undefined

  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | Pair,
    { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true }: Conv2dOptions = {}
  ) {
    super()
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ResnetError(
        `Conv2d: ${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`
      )
    }
    this.inChannels = inChannels
    this.outChannels = outChannels
    this.kernelSize = toPair(kernelSize)
    this.stride = toPair(stride)
    this.padding = toPair(padding)
    this.dilation = toPair(dilation)
    this.groups = groups
    this.weight = new Parameter([outChannels, inChannels / groups, ...this.kernelSize])
    this.bias = bias ? new Parameter([outChannels]) : undefined
    this.resetParameters()
  }

  /** Draws fresh weights from the default generator (torch: `reset_parameters`). */
  resetParameters(): void {
    kaimingUniform(this.weight, { a: Math.sqrt(5) })
    const fanIn = (this.inChannels / this.groups) * this.kernelSize[0] * this.kernelSize[1]
    if (this.bias) uniform(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))
  }

  forward(x: Value): Value {
    return conv2d(x, this.weight, this.bias, this)
  }

  override extraRepr(): string {
    const { padding, dilation, groups } = this
    return [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${pyTuple(this.kernelSize)}`,
      `stride=${pyTuple(this.stride)}`,
      ...(padding.some(size => size !== 0) ? [`padding=${pyTuple(padding)}`] : []),
      ...(dilation.some(size => size !== 1) ? [`dilation=${pyTuple(dilation)}`] : []),
      ...(groups === 1 ? [] : [`groups=${groups}`]),
      ...(this.bias ? [] : ['bias=False'])
    ].join(', ')
  }
}
