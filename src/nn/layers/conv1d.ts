// Convolution over sequences (torch: `nn.Conv1d`): the one over images, for images of one row.
import { aBoolean, checkOptions, positiveInteger, wholeNumber, type OptionsOf } from '../../base/options.js'
import { conv2d } from '../../ir/functional/linear.js'
import { squeeze, unsqueeze } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { Module } from '../module.js'
import { Parameter } from '../parameter.js'
import { assertGroups, convolutionRepr, drawConvolution } from './convolution.js'

const OPTIONS = {
  stride: positiveInteger,
  padding: wholeNumber(0),
  dilation: positiveInteger,
  groups: positiveInteger,
  /** Whether to add a learnable bias; default true. */
  bias: aBoolean
}

/** Options of `Conv1d`, with torch's meaning and defaults. */
export interface Conv1dOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * A 1-D convolution.
 *
 * Shape: (N, inChannels, L) → (N, outChannels, L').
 * Initialised as torch does: kaiming-uniform with a = √5, and a bias within ±1 / √fan_in.
 */
export class Conv1d extends Module {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number
  readonly dilation: number
  readonly groups: number
  readonly weight: Parameter
  readonly bias: Parameter | undefined

  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv1dOptions = {}) {
    super()
    checkOptions(new.target.name, options, OPTIONS)
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options
    assertGroups('Conv1d', inChannels, outChannels, groups)
    this.inChannels = inChannels
    this.outChannels = outChannels
    this.kernelSize = kernelSize
    this.stride = stride
    this.padding = padding
    this.dilation = dilation
    this.groups = groups
    this.weight = new Parameter([outChannels, inChannels / groups, kernelSize])
    this.bias = bias ? new Parameter([outChannels]) : undefined
    this.resetParameters()
  }

  /** Draws fresh weights from the default generator (torch: `reset_parameters`). */
  resetParameters(): void {
    drawConvolution(this.weight, this.bias)
  }

  forward(x: Value): Value {
    const { stride, padding, dilation, groups } = this
    const rows = conv2d(unsqueeze(x, 2), unsqueeze(this.weight, 2), this.bias, {
      stride: [1, stride],
      padding: [0, padding],
      dilation: [1, dilation],
      groups
    })
    return squeeze(rows, 2)
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias } = this
    return convolutionRepr({
      inChannels,
      outChannels,
      groups,
      bias,
      kernelSize: [kernelSize],
      stride: [stride],
      padding: [padding],
      dilation: [dilation]
    })
  }
}
