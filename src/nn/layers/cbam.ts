// CBAM: Convolutional Block Attention Module (Woo, Park, Lee & Kweon 2018, arXiv:1807.06521). Fields are called as in the
// authors' github.com/Jongchan/attention-module, so that the keys of their checkpoints fit.
import { checkOptions, numberAbove, wholeNumber } from '../../base/options.js'
import { add, mul, sigmoid } from '../../ir/functional/elementwise.js'
import { amax, mean } from '../../ir/functional/reduction.js'
import { cat, unsqueeze } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module.js'
import { ReLU } from './activation.js'
import { BatchNorm2d } from './batch-norm2d.js'
import { Conv2d } from './conv2d.js'
import { Linear } from './linear.js'
import { Sequential } from './sequential.js'
import { Flatten } from './shaping.js'

const IMAGE = [2, 3]
const GATE_OPTIONS = { reductionRatio: numberAbove(0) }

/** Channel attention: averages and maxima of the image through one small MLP, added (the paper's figure 2, top). */
export class ChannelGate extends Module {
  readonly mlp: Sequential

  constructor(gateChannels: number, options: { readonly reductionRatio?: number } = {}) {
    super()
    const { reductionRatio = 16 } = checkOptions(new.target.name, options, GATE_OPTIONS)
    const squeezed = Math.floor(gateChannels / reductionRatio)
    if (squeezed < 1) {
      throw new ResnetError(
        `ChannelGate: ${gateChannels} channels are too few for a reduction ratio of ${reductionRatio}`
      )
    }
    this.mlp = new Sequential(
      new Flatten(),
      new Linear(gateChannels, squeezed),
      new ReLU(),
      new Linear(squeezed, gateChannels)
    )
  }

  forward(x: Value): Value {
    const fromAverage = this.mlp(mean(x, IMAGE, { keepDim: true }))
    const fromMaximum = this.mlp(amax(x, IMAGE, { keepDim: true }))
    const scale = sigmoid(add(fromAverage, fromMaximum)) // [N, C]
    return mul(x, unsqueeze(unsqueeze(scale, 2), 3))
  }
}

/** The maximum and the mean over channels. Shape: (N, C, H, W) → (N, 2, H, W). */
export class ChannelPool extends Module {
  forward(x: Value): Value {
    return cat([amax(x, 1, { keepDim: true }), mean(x, 1, { keepDim: true })], 1)
  }
}

/** Convolution without a bias, then batch normalisation with the authors' momentum, 0.01. */
export class BasicConv extends Module {
  readonly conv: Conv2d
  readonly bn: BatchNorm2d

  constructor(
    inPlanes: number,
    outPlanes: number,
    kernelSize: number,
    options: { readonly padding?: number } = {}
  ) {
    super()
    const { padding = 0 } = checkOptions(new.target.name, options, { padding: wholeNumber(0) })
    this.conv = new Conv2d(inPlanes, outPlanes, kernelSize, { padding, bias: false })
    this.bn = new BatchNorm2d(outPlanes, { momentum: 0.01 })
  }

  forward(x: Value): Value {
    return this.bn(this.conv(x))
  }
}

/** Spatial attention: a 7×7 convolution over the channels' maximum and mean (figure 2, bottom). */
export class SpatialGate extends Module {
  readonly compress: ChannelPool
  readonly spatial: BasicConv

  constructor() {
    super()
    this.compress = new ChannelPool()
    this.spatial = new BasicConv(2, 1, 7, { padding: 3 })
  }

  forward(x: Value): Value {
    const scale = sigmoid(this.spatial(this.compress(x))) // [N, 1, H, W]
    return mul(x, scale)
  }
}

/** Channel attention, then spatial attention. Shape: (N, gateChannels, H, W) → the same. */
export class CBAM extends Module {
  readonly ChannelGate: ChannelGate
  readonly SpatialGate: SpatialGate

  constructor(gateChannels: number, options: { readonly reductionRatio?: number } = {}) {
    super()
    const { reductionRatio = 16 } = checkOptions(new.target.name, options, GATE_OPTIONS)
    this.ChannelGate = new ChannelGate(gateChannels, { reductionRatio })
    this.SpatialGate = new SpatialGate()
  }

  forward(x: Value): Value {
    return this.SpatialGate(this.ChannelGate(x))
  }
}
