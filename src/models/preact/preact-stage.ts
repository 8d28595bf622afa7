// A stage of pre-activation blocks, for both the networks of ImageNet's size and CIFAR's.
import { Sequential } from '../../nn/layers/sequential.js'
import type { Module } from '../../nn/module.js'
import type { PreActBasicBlock, PreActBlockOptions, PreActBottleneck } from './preact-blocks.js'

/** Either kind of pre-activation block, as a class to build stages from. */
export type PreActBlockKind = typeof PreActBasicBlock | typeof PreActBottleneck

/** What a stage is built with. */
export interface PreActStage extends Pick<PreActBlockOptions, 'residual' | 'normLayer'> {
  readonly inPlanes: number
  readonly planes: number
  readonly stride: number
  readonly blocks: number
  /** Whether it is the network's first: then nothing has activated its input. */
  readonly isFirst: boolean
  /** Makes what carries the identity to another shape. */
  readonly carry: (inPlanes: number, outPlanes: number, stride: number) => Module
}

/** Blocks, of which the first may change resolution and width. */
export function makePreActStage(
  block: PreActBlockKind,
  { inPlanes, planes, stride, blocks, isFirst, carry, residual = true, ...shared }: PreActStage
): Sequential {
  const outPlanes = planes * block.expansion
  const changesShape = stride !== 1 || inPlanes !== outPlanes
  const downsample = residual && changesShape ? carry(inPlanes, outPlanes, stride) : undefined
  const activatesShortcut = isFirst || downsample !== undefined

  const first = new block(inPlanes, planes, { ...shared, residual, stride, downsample, activatesShortcut })
  const rest = Array.from({ length: blocks - 1 }, () => new block(outPlanes, planes, { ...shared, residual }))
  return new Sequential(first, ...rest)
}
