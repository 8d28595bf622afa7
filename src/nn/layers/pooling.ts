import {
  aBoolean,
  checkArguments,
  checkOptions,
  pairOf,
  positiveInteger,
  wholeNumber,
  type Checks
} from '../../base/options.js'
import {
  adaptiveAvgPool2d,
  avgPool2d,
  maxPool2d,
  type MaxPoolOptions,
  type PoolOptions
} from '../../ir/functional/pooling.js'
import type { Pair, Value } from '../../ir/ops.js'
import { Module } from '../module/module.js'
import { pyBool, pyTuple } from '../module/repr.js'

// Sizes print as they were given: a number, or a tuple.
function pySize(size: number | Pair): string {
  return typeof size === 'number' ? String(size) : pyTuple(size)
}

const POOL: Checks<PoolOptions> = {
  stride: pairOf(positiveInteger),
  padding: pairOf(wholeNumber(0)),
  ceilMode: aBoolean
}
const MAX_POOL: Checks<MaxPoolOptions> = { ...POOL, dilation: pairOf(positiveInteger) }
const AVG_POOL = { ...POOL, countIncludePad: aBoolean }

/** The largest value of each window. Shape: (N, C, H, W) → (N, C, H', W'). */
export class MaxPool2d extends Module {
  readonly kernelSize: number | Pair
  readonly stride: number | Pair
  readonly padding: number | Pair
  readonly dilation: number | Pair
  readonly ceilMode: boolean

  constructor(kernelSize: number | Pair, options: MaxPoolOptions = {}) {
    super()
    checkOptions(new.target.name, options, MAX_POOL)
    checkArguments(new.target.name, { kernelSize }, { kernelSize: pairOf(positiveInteger) })
    const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = options
    this.kernelSize = kernelSize
    this.stride = stride
    this.padding = padding
    this.dilation = dilation
    this.ceilMode = ceilMode
  }

  forward(x: Value): Value {
    const { stride, padding, dilation, ceilMode } = this
    return maxPool2d(x, this.kernelSize, { stride, padding, dilation, ceilMode })
  }

  override extraRepr(): string {
    const sizes = [this.kernelSize, this.stride, this.padding, this.dilation].map(pySize)
    return `kernel_size=${sizes[0]}, stride=${sizes[1]}, padding=${sizes[2]}, dilation=${sizes[3]}, ceil_mode=${pyBool(this.ceilMode)}`
  }
}

/** The mean of each window. Shape: (N, C, H, W) → (N, C, H', W'). */
export class AvgPool2d extends Module {
  readonly kernelSize: number | Pair
  readonly stride: number | Pair
  readonly padding: number | Pair
  readonly ceilMode: boolean
  readonly countIncludePad: boolean

  constructor(kernelSize: number | Pair, options: PoolOptions & { readonly countIncludePad?: boolean } = {}) {
    super()
    checkOptions(new.target.name, options, AVG_POOL)
    checkArguments(new.target.name, { kernelSize }, { kernelSize: pairOf(positiveInteger) })
    const { stride = kernelSize, padding = 0, ceilMode = false, countIncludePad = true } = options
    this.kernelSize = kernelSize
    this.stride = stride
    this.padding = padding
    this.ceilMode = ceilMode
    this.countIncludePad = countIncludePad
  }

  forward(x: Value): Value {
    const { stride, padding, ceilMode, countIncludePad } = this
    return avgPool2d(x, this.kernelSize, { stride, padding, ceilMode, countIncludePad })
  }

  override extraRepr(): string {
    const sizes = [this.kernelSize, this.stride, this.padding].map(pySize)
    return `kernel_size=${sizes[0]}, stride=${sizes[1]}, padding=${sizes[2]}`
  }
}

/** The mean over windows chosen so that the output has a fixed size. Shape: (N, C, H, W) → (N, C, h, w). */
export class AdaptiveAvgPool2d extends Module {
  constructor(readonly outputSize: number | Pair) {
    super()
    checkArguments(new.target.name, { outputSize }, { outputSize: pairOf(positiveInteger) })
  }

  forward(x: Value): Value {
    return adaptiveAvgPool2d(x, this.outputSize)
  }

  override extraRepr(): string {
    return `output_size=${pySize(this.outputSize)}`
  }
}
