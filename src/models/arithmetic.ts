// What a network computes that its weights cannot tell: their names and shapes are the same with and without.
import { aBoolean, listOf, numberFrom, type OptionsOf } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import { Conv2d } from '../nn/layers/convolution.js'
import { Normalisation } from '../nn/layers/normalisation.js'
import type { Module } from '../nn/module/module.js'

/** Of all residual networks. */
export const ARITHMETIC_OPTIONS = {
  /**
   * Whether bottlenecks that halve the image stride in their first 1×1 convolution, as in the paper, Caffe and detectron2's MSRA
   * weights; default in the 3×3. transformers: `downsample_in_bottleneck`; detectron2: `STRIDE_IN_1X1`.
   */
  strideIn1x1: aBoolean,
  /** What normalisations add to the variance; default 1e-5. */
  eps: numberFrom(0)
}

/** Of any model that has it. */
export const ASSUMED_OPTIONS = {
  ...ARITHMETIC_OPTIONS,
  /** As in `ResNet`. */
  replaceStrideWithDilation: listOf(aBoolean, 3),
  /** As in `PreActResNet`. */
  activatesShortcut: aBoolean
}

/** What a network computes that its weights cannot tell. */
export interface Arithmetic extends OptionsOf<typeof ASSUMED_OPTIONS> {}

/**
 * Changes what a network computes with the same weights.
 * @throws ResnetError where it has no block whose stride could move.
 */
export function computeAs(
  net: Module,
  { strideIn1x1 = false, eps }: OptionsOf<typeof ARITHMETIC_OPTIONS>
): void {
  const modules = [...net.modules()]
  if (eps !== undefined) {
    for (const module of modules) if (module instanceof Normalisation) Object.assign(module, { eps })
  }
  if (!strideIn1x1) return
  const moved = modules.filter(moveStride)
  if (moved.length > 0) return
  throw new ResnetError(
    `strideIn1x1: ${net.typeName} has no bottleneck whose stride is in a 3×3 convolution, from where it would move`
  )
}

/** Moves a bottleneck's stride to its first convolution. @returns false for other modules, and where there is none. */
function moveStride(block: Module): boolean {
  const { conv1, conv2 } = block as { readonly conv1?: unknown; readonly conv2?: unknown }
  if (!(conv1 instanceof Conv2d && conv2 instanceof Conv2d)) return false
  if (conv1.kernelSize.some(side => side !== 1) || conv2.stride.every(step => step === 1)) return false
  Object.assign(conv1, { stride: conv2.stride })
  Object.assign(conv2, { stride: [1, 1] })
  return true
}
