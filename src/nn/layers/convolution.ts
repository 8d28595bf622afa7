import { ResnetError } from '../../base/errors.js'
import { sizeOf } from '../../tensor/tensor.js'
import { kaimingUniform, uniform } from '../init.js'
import type { Parameter } from '../parameter.js'
import { pyTuple } from '../repr.js'

/** @throws ResnetError when the channels do not divide into the groups. */
export function assertGroups(layer: string, inChannels: number, outChannels: number, groups: number): void {
  if (inChannels % groups === 0 && outChannels % groups === 0) return
  throw new ResnetError(
    `${layer}: ${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`
  )
}

/** Draws weights as torch does: kaiming-uniform with a = √5, and a bias within ±1 / √fan_in. */
export function drawConvolution(weight: Parameter, bias: Parameter | undefined): void {
  kaimingUniform(weight, { a: Math.sqrt(5) })
  const fanIn = sizeOf(weight.shape.slice(1))
  if (bias) uniform(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))
}

/** A convolution's hyperparameters; sizes have one entry per spatial axis. */
export interface ConvolutionFields {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
  readonly bias: Parameter | undefined
}

/** What torch prints between the parentheses; defaults are omitted. */
export function convolutionRepr(layer: ConvolutionFields): string {
  const { padding, dilation, groups } = layer
  return [
    `${layer.inChannels}, ${layer.outChannels}`,
    `kernel_size=${pyTuple(layer.kernelSize)}`,
    `stride=${pyTuple(layer.stride)}`,
    ...(padding.some(size => size !== 0) ? [`padding=${pyTuple(padding)}`] : []),
    ...(dilation.some(size => size !== 1) ? [`dilation=${pyTuple(dilation)}`] : []),
    ...(groups === 1 ? [] : [`groups=${groups}`]),
    ...(layer.bias ? [] : ['bias=False'])
  ].join(', ')
}
