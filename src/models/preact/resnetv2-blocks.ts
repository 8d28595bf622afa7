// The blocks and stems of timm's ResNet-v2 (github.com/huggingface/pytorch-image-models, `resnetv2.py`), under its names. They are
// full pre-activation blocks, though x is activated on the shortcut only where it is projected, in the first stage too.
import { add } from '../../ir/functional/elementwise.js'
import { pad } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import type { Conv2d } from '../../nn/layers/convolution.js'
import { AvgPool2d, MaxPool2d } from '../../nn/layers/pooling.js'
import { Module } from '../../nn/module/module.js'
import { noShortcut, ResidualBlock, type NormLayer, type Shortcut } from '../resnet/residual-block.js'

/** Makes a convolution without bias, padded so that it keeps the size. */
export type MakeConv = (from: number, to: number, kernelSize: number, stride?: number) => Conv2d

/** What all layers of a network are made with. */
export interface Layers {
  readonly conv: MakeConv
  readonly norm: NormLayer
  /** Makes the activation after a normalisation. */
  readonly act: () => Module
}

/** How a block changes its input. */
export interface BlockPlace {
  readonly from: number
  readonly to: number
  readonly stride: number
  /** The projection on the shortcut. */
  readonly project: Module | undefined
  readonly residual: boolean
}

abstract class PreActBlockV2 extends ResidualBlock {
  abstract readonly norm1: Module
  abstract readonly relu: Module

  /** F without the first activation. */
  protected abstract convolve(activated: Value): Value

  forward(x: Value): Value {
    const activated = this.relu(this.norm1(x))
    const identity = this.downsample ? this.downsample(activated) : x

    const out = this.refine(this.convolve(activated))

    return add(out, identity) // F(x) + x
  }
}

/** Normalisation, activation and 3×3 convolution, twice. */
export class PreActBasic extends PreActBlockV2 {
  readonly downsample: Shortcut | undefined
  readonly norm1: Module
  readonly conv1: Conv2d
  readonly norm2: Module
  readonly conv2: Conv2d
  readonly relu: Module
  stochastic_depth: Module | undefined

  constructor({ from, to, stride, project, residual }: BlockPlace, { conv, norm, act }: Layers) {
    super()
    this.downsample = residual ? project : noShortcut
    this.norm1 = norm(from)
    this.conv1 = conv(from, to, 3, stride)
    this.norm2 = norm(to)
    this.conv2 = conv(to, to, 3)
    this.relu = act()
  }

  protected convolve(activated: Value): Value {
    const out = this.conv1(activated)
    return this.conv2(this.relu(this.norm2(out)))
  }

  zeroInitLast(): void {
    this.startAtZero(this.conv2)
  }
}

/** Normalisation, activation and convolution 1×1, 3×3 and 1×1. */
export class PreActBottleneckV2 extends PreActBlockV2 {
  readonly downsample: Shortcut | undefined
  readonly norm1: Module
  readonly conv1: Conv2d
  readonly norm2: Module
  readonly conv2: Conv2d
  readonly norm3: Module
  readonly conv3: Conv2d
  readonly relu: Module
  stochastic_depth: Module | undefined

  constructor({ from, to, stride, project, residual }: BlockPlace, { conv, norm, act }: Layers) {
    super()
    const width = to / 4
    this.downsample = residual ? project : noShortcut
    this.norm1 = norm(from)
    this.conv1 = conv(from, width, 1)
    this.norm2 = norm(width)
    this.conv2 = conv(width, width, 3, stride)
    this.norm3 = norm(width)
    this.conv3 = conv(width, to, 1)
    this.relu = act()
  }

  override get typeName(): string {
    return 'PreActBottleneck'
  }

  protected convolve(activated: Value): Value {
    let out = this.conv1(activated)
    out = this.conv2(this.relu(this.norm2(out)))
    return this.conv3(this.relu(this.norm3(out)))
  }

  zeroInitLast(): void {
    this.startAtZero(this.conv3)
  }
}

/** A strided 1×1 convolution on the shortcut, which the next block normalises. */
export class DownsampleConv extends Module {
  readonly conv: Conv2d

  constructor(from: number, to: number, stride: number, { conv }: Layers) {
    super()
    this.conv = conv(from, to, 1, stride)
  }

  forward(x: Value): Value {
    return this.conv(x)
  }
}

/** ResNet-D's shortcut: averages before projecting, so that no pixels are skipped. */
export class DownsampleAvg extends Module {
  readonly pool: Module | undefined
  readonly conv: Conv2d

  constructor(from: number, to: number, stride: number, { conv }: Layers) {
    super()
    if (stride > 1) this.pool = new AvgPool2d(2, { stride, ceilMode: true, countIncludePad: false })
    this.conv = conv(from, to, 1)
  }

  forward(x: Value): Value {
    return this.conv(this.pool ? this.pool(x) : x)
  }
}

/** The paper's 7×7 convolution and pooling. */
export class PlainStem extends Module {
  readonly conv: Conv2d
  readonly pool: Module

  /** @param padsWithZeros whether the pooling sees zeros around the image, as BiT's does, and not nothing. */
  constructor(
    inChannels: number,
    channels: number,
    { conv }: Layers,
    readonly padsWithZeros: boolean
  ) {
    super()
    this.conv = conv(inChannels, channels, 7, 2)
    this.pool = new MaxPool2d(3, { stride: 2, padding: padsWithZeros ? 0 : 1 })
  }

  forward(x: Value): Value {
    x = this.conv(x)
    if (this.padsWithZeros) x = pad(x, [1, 1, 1, 1])
    return this.pool(x)
  }
}

/** Three 3×3 convolutions and the pooling. */
export class DeepStemV2 extends Module {
  readonly conv1: Conv2d
  readonly norm1: Module
  readonly conv2: Conv2d
  readonly norm2: Module
  readonly conv3: Conv2d
  readonly relu: Module
  readonly pool = new MaxPool2d(3, { stride: 2, padding: 1 })

  constructor(
    inChannels: number,
    [first, second, third]: readonly [number, number, number],
    { conv, norm, act }: Layers
  ) {
    super()
    this.conv1 = conv(inChannels, first, 3, 2)
    this.norm1 = norm(first)
    this.conv2 = conv(first, second, 3)
    this.norm2 = norm(second)
    this.conv3 = conv(second, third, 3)
    this.relu = act()
  }

  override get typeName(): string {
    return 'DeepStem'
  }

  forward(x: Value): Value {
    x = this.relu(this.norm1(this.conv1(x)))
    x = this.relu(this.norm2(this.conv2(x)))
    return this.pool(this.conv3(x))
  }
}
