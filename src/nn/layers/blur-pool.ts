// Halving an image without aliasing: Making Convolutional Networks Shift-Invariant Again (Zhang 2019, arXiv:1904.11486).
import {
  checkArguments,
  checkOptions,
  positiveInteger,
  wholeNumber,
  type OptionsOf
} from '../../base/options.js'
import { ShapeError } from '../../base/errors.js'
import { cat, conv2d, slice } from '../../ir/functional/index.js'
import type { Value } from '../../ir/ops.js'
import { staticDim } from '../../ir/shape.js'
import { tensor } from '../../tensor/tensor.js'
import { Module } from '../module/module.js'

const OPTIONS = {
  /** Sides of the filter; default 3. */
  filtSize: wholeNumber(2),
  /** Default 2. */
  stride: positiveInteger
}

/** Options of `BlurPool2d`. */
export interface BlurPool2dOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Blurs each channel by the binomial filter, [1 2 1] / 4 in each direction, and takes every second pixel (timm: `BlurPool2d`).
 * The border is reflected. The filter is no part of the state dict, as in timm.
 *
 * Shape: (N, channels, H, W) → (N, channels, ⌈H / 2⌉, ⌈W / 2⌉).
 * @example
 * new Sequential(new MaxPool2d(3, { stride: 1, padding: 1 }), new BlurPool2d(64))
 */
export class BlurPool2d extends Module {
  readonly filtSize: number
  readonly stride: number

  constructor(
    readonly channels: number,
    options: BlurPool2dOptions = {}
  ) {
    super()
    const { filtSize = 3, stride = 2 } = checkOptions(new.target.name, options, OPTIONS)
    checkArguments(new.target.name, { channels }, { channels: positiveInteger })
    this.filtSize = filtSize
    this.stride = stride
  }

  /** @throws ShapeError when the image is too small to be reflected. */
  forward(x: Value): Value {
    const border = Math.floor((this.stride - 1 + this.filtSize - 1) / 2)
    const padded = reflected(reflected(x, 2, border), 3, border)
    return conv2d(padded, filter(this.channels, this.filtSize), undefined, {
      stride: this.stride,
      groups: this.channels
    })
  }

  override extraRepr(): string {
    return `${this.channels}, filt_size=${this.filtSize}, stride=${this.stride}`
  }
}

/** Puts the mirror image of `border` rows or columns at both ends, without the outermost (torch: `pad` with `reflect`). */
function reflected(x: Value, axis: number, border: number): Value {
  const size = staticDim('BlurPool2d', x.shape, axis)
  if (size <= border) {
    throw new ShapeError(`BlurPool2d: expected images of more than ${border} × ${border} pixels, got ${size}`)
  }
  const one = (at: number): Value => slice(x, axis, at, at + 1)
  const before = Array.from({ length: border }, (_, i) => one(border - i))
  const after = Array.from({ length: border }, (_, i) => one(size - 2 - i))
  return border === 0 ? x : cat([...before, x, ...after], axis)
}

/** The binomial filter of each channel. */
function filter(channels: number, size: number): ReturnType<typeof tensor> {
  const row = Array.from({ length: size }, () => 0)
  row[0] = 1
  for (let step = 1; step < size; step++) {
    for (let i = step; i > 0; i--) row[i] += row[i - 1]
  }
  const total = 2 ** (size - 1)
  const square = row.flatMap(a => row.map(b => (a / total) * (b / total)))
  const values = Array.from({ length: channels }, () => square).flat()
  return tensor(Float32Array.from(values), [channels, 1, size, size])
}
