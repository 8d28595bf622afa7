// The identity where the shape changes, without a parameter: option A of arXiv:1512.03385.
import { checkOptions, positiveInteger } from '../../base/options.js'
import { pad, slice } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module.js'

/**
 * The shortcut of option A: every `stride`-th pixel, with zero channels padded on both sides. It has no parameters. Also
 * takes features (N, inPlanes).
 *
 * Shape: (N, inPlanes, H, W) → (N, outPlanes, ⌈H / stride⌉, ⌈W / stride⌉), or (N, inPlanes) → (N, outPlanes).
 */
export class PaddedIdentity extends Module {
  readonly inPlanes: number
  readonly outPlanes: number
  readonly stride: number

  /** @throws ResnetError for fewer output channels than input channels. */
  constructor(inPlanes: number, outPlanes: number, options: { readonly stride?: number } = {}) {
    super()
    const { stride = 1 } = checkOptions(new.target.name, options, { stride: positiveInteger })
    if (outPlanes < inPlanes) {
      throw new ResnetError(
        `PaddedIdentity: ${inPlanes} channels cannot be padded to ${outPlanes}; a projection (option B) can`
      )
    }
    this.inPlanes = inPlanes
    this.outPlanes = outPlanes
    this.stride = stride
  }

  forward(x: Value): Value {
    const imageAxes = x.shape.slice(2).map((_, axis) => axis + 2)
    const pixels = imageAxes.reduce((image, axis) => slice(image, axis, 0, Infinity, this.stride), x)
    const missing = this.outPlanes - this.inPlanes
    const before = Math.floor(missing / 2)
    return pad(pixels, [...imageAxes.flatMap(() => [0, 0]), before, missing - before])
  }

  override extraRepr(): string {
    return `${this.inPlanes}, ${this.outPlanes}, stride=${this.stride}`
  }
}
