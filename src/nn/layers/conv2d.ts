// Convolution with learnable weights (torch: `nn.Conv2d`).
import {
  aBoolean,
  checkOptions,
  pairOf,
  positiveInteger,
  wholeNumber,
  type OptionsOf
} from '../../base/options.js'
import { conv2d } from '../../ir/functional/linear.js'
import { type Pair, toPair, type Value } from '../../ir/ops.js'
import { Module } from '../module.js'
import { Parameter } from '../parameter.js'
import { assertGroups, convolutionRepr, drawConvolution } from './convolution.js'

const OPTIONS = {
  /** Whether to add a learnable bias; default true. */
  bias: aBoolean,
  stride: pairOf(positiveInteger),
  padding: pairOf(wholeNumber(0)),
  dilation: pairOf(positiveInteger),
  groups: positiveInteger
}

/** Options of `Conv2d`; a single number applies to height and width. */
export interface Conv2dOptions extends OptionsOf<typeof OPTIONS> {}

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
    options: Conv2dOptions = {}
  ) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options
    assertGroups('Conv2d', inChannels, outChannels, groups)
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
    drawConvolution(this.weight, this.bias)
  }

  forward(x: Value): Value {
    const { stride, padding, dilation, groups } = this
    return conv2d(x, this.weight, this.bias, { stride, padding, dilation, groups })
  }

  override extraRepr(): string {
    return convolutionRepr(this)
  }
}
