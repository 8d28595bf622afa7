// Convolutions over images and over sequences (torch: `nn.Conv2d`, `nn.Conv1d`).
import { counted } from '../../base/figures.js'
import { ResnetError } from '../../base/errors.js'
import {
  aBoolean,
  checkArguments,
  checkOptions,
  pairOf,
  positiveInteger,
  wholeNumber,
  type OptionsOf
} from '../../base/options.js'
import { conv2d, squeeze, unsqueeze } from '../../ir/functional/index.js'
import { type Pair, toPair, type Value } from '../../ir/ops.js'
import { Module } from '../module/module.js'
import { Parameter } from '../module/parameter.js'
import { pyTuple } from '../module/repr.js'
import { drawWeights } from './linear.js'

const CONV1D = {
  stride: positiveInteger,
  padding: wholeNumber(0),
  dilation: positiveInteger,
  groups: positiveInteger,
  /** Whether to add a learnable bias; default true. */
  bias: aBoolean
}

export const CONV2D = {
  ...CONV1D,
  stride: pairOf(CONV1D.stride),
  padding: pairOf(CONV1D.padding),
  dilation: pairOf(CONV1D.dilation)
}

/** Options of `Conv1d`, with torch's meaning and defaults. */
export interface Conv1dOptions extends OptionsOf<typeof CONV1D> {}

/** Options of `Conv2d`; a single number applies to height and width. */
export interface Conv2dOptions extends OptionsOf<typeof CONV2D> {}

const channels = { inChannels: positiveInteger, outChannels: positiveInteger }
const CONV1D_ARGUMENTS = { ...channels, kernelSize: positiveInteger }
const CONV2D_ARGUMENTS = { ...channels, kernelSize: pairOf(positiveInteger) }

/** What convolutions over sequences and over images have in common. */
abstract class Convolution<Size extends number | Pair> extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | undefined

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: Size,
    readonly stride: Size,
    readonly padding: Size,
    readonly dilation: Size,
    readonly groups: number,
    bias: boolean
  ) {
    super()
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ResnetError(
        `${new.target.name}: ${inChannels} input and ${counted(outChannels, 'output channel', 'output channels')} cannot be divided into ${groups} groups`
      )
    }
    this.weight = new Parameter([outChannels, inChannels / groups, ...sizes(kernelSize)])
    this.bias = bias ? new Parameter([outChannels]) : undefined
    this.resetParameters()
  }

  /** Draws fresh weights from the default generator (torch: `reset_parameters`). */
  resetParameters(): void {
    drawWeights(this.weight, this.bias)
  }

  /** What torch prints between the parentheses; defaults are omitted. */
  override extraRepr(): string {
    const [padding, dilation] = [sizes(this.padding), sizes(this.dilation)]
    return [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${pyTuple(sizes(this.kernelSize))}`,
      `stride=${pyTuple(sizes(this.stride))}`,
      ...(padding.some(size => size !== 0) ? [`padding=${pyTuple(padding)}`] : []),
      ...(dilation.some(size => size !== 1) ? [`dilation=${pyTuple(dilation)}`] : []),
      ...(this.groups === 1 ? [] : [`groups=${this.groups}`]),
      ...(this.bias ? [] : ['bias=False'])
    ].join(', ')
  }
}

function sizes(size: number | Pair): readonly number[] {
  return typeof size === 'number' ? [size] : size
}

/**
 * A 1-D convolution: the one over images, for images of one row.
 *
 * Shape: (N, inChannels, L) → (N, outChannels, L').
 * Initialised as torch does: kaiming-uniform with a = √5, and a bias within ±1 / √fan_in.
 */
export class Conv1d extends Convolution<number> {
  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv1dOptions = {}) {
    checkOptions(new.target.name, options, CONV1D)
    checkArguments(new.target.name, { inChannels, outChannels, kernelSize }, CONV1D_ARGUMENTS)
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options
    super(inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias)
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
}

/**
 * A 2-D convolution.
 *
 * Shape: (N, inChannels, H, W) → (N, outChannels, H', W').
 * Initialised as torch does: kaiming-uniform with a = √5, and a bias within ±1 / √fan_in.
 */
export class Conv2d extends Convolution<Pair> {
  /** @throws ResnetError when the channels do not divide into the groups. */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | Pair,
    options: Conv2dOptions = {}
  ) {
    checkOptions(new.target.name, options, CONV2D)
    checkArguments(new.target.name, { inChannels, outChannels, kernelSize }, CONV2D_ARGUMENTS)
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options
    const [kernel, step, border, spread] = [kernelSize, stride, padding, dilation].map(toPair)
    super(inChannels, outChannels, kernel, step, border, spread, groups, bias)
  }

  forward(x: Value): Value {
    const { stride, padding, dilation, groups } = this
    return conv2d(x, this.weight, this.bias, { stride, padding, dilation, groups })
  }
}
