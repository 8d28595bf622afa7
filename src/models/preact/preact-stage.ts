// A stage of pre-activation blocks.
import { Sequential } from '../../nn/layers/sequential.js'
import type { Module } from '../../nn/module.js'
import type { PreActBasicBlock, PreActBlockOptions, PreActBottleneck } from './preact-blocks.js'

export type PreActBlockKind = typeof PreActBasicBlock | typeof PreActBottleneck

/** Options of a stage. */
export interface PreActStage extends Pick<PreActBlockOptions, 'residual' | 'normLayer'> {
  readonly inPlanes: number
  readonly planes: number
  readonly stride: number
  readonly blocks: number
  /** Whether it is the network's first, so that its input is not activated. */
  readonly isFirst: boolean
  /** Makes a shortcut that changes the shape. */
  readonly carry: (inPlanes: number, outPlanes: number, stride: number) => Module
}

/** Builds a stage, whose first block may change resolution and width. */
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
