// Attention at the end of a residual branch: squeeze and excitation, ECA and CBAM. Fields are called as in torchvision, timm
// and the authors' code, so that the keys of their checkpoints fit.
import { counted } from '../../base/figures.js'
import {
  checkArguments,
  checkOptions,
  instanceOf,
  numberAbove,
  positiveInteger,
  wholeNumber
} from '../../base/options.js'
import { add, amax, cat, mean, mul, permute, sigmoid, squeeze, unsqueeze } from '../../ir/functional/index.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module/module.js'
import { ReLU, Sigmoid } from './activation.js'
import { Conv1d, Conv2d } from './convolution.js'
import { Linear } from './linear.js'
import { BatchNorm2d } from './normalisation.js'
import { AdaptiveAvgPool2d } from './pooling.js'
import { Sequential } from './containers.js'
import { Flatten } from './shaping.js'

const SQUEEZE_ARGUMENTS = { inputChannels: positiveInteger, squeezeChannels: positiveInteger }

/**
 * Squeeze-and-Excitation Networks (Hu, Shen & Sun 2017, arXiv:1709.01507; torchvision: `ops.SqueezeExcitation`): scales each
 * channel by an average, two 1×1 convolutions and a sigmoid. Shape: (N, inputChannels, H, W) → the same. */
export class SqueezeExcitation extends Module {
  readonly avgpool = new AdaptiveAvgPool2d(1)
  readonly fc1: Conv2d
  readonly fc2: Conv2d
  readonly activation: Module
  readonly scale_activation: Module

  /** @param squeezeChannels channels between the convolutions: a sixteenth in the paper. */
  constructor(
    inputChannels: number,
    squeezeChannels: number,
    options: { readonly activation?: Module; readonly scaleActivation?: Module } = {}
  ) {
    super()
    checkOptions(new.target.name, options, {
      activation: instanceOf<Module>(Module),
      scaleActivation: instanceOf<Module>(Module)
    })
    checkArguments(new.target.name, { inputChannels, squeezeChannels }, SQUEEZE_ARGUMENTS)
    this.fc1 = new Conv2d(inputChannels, squeezeChannels, 1)
    this.fc2 = new Conv2d(squeezeChannels, inputChannels, 1)
    this.activation = options.activation ?? new ReLU()
    this.scale_activation = options.scaleActivation ?? new Sigmoid()
  }

  forward(x: Value): Value {
    const squeezed = this.activation(this.fc1(this.avgpool(x)))
    return mul(this.scale_activation(this.fc2(squeezed)), x)
  }
}

/**
 * ECA-Net: Efficient Channel Attention (Wang et al. 2020, arXiv:1910.03151): scales each channel by a convolution over channel
 * averages. Shape: (N, channels, H, W) → the same.
 */
export class EfficientChannelAttention extends Module {
  readonly conv: Conv1d

  /** @param options `kernelSize`: the convolution's width, an odd number; default the paper's. */
  constructor(channels: number, options: { readonly kernelSize?: number } = {}) {
    super()
    checkOptions(new.target.name, options, { kernelSize: positiveInteger })
    checkArguments(new.target.name, { channels }, { channels: positiveInteger })
    const { kernelSize = channelsSeen(channels) } = options
    this.conv = new Conv1d(1, 1, kernelSize, { padding: (kernelSize - 1) / 2, bias: false })
  }

  forward(x: Value): Value {
    const averages = squeeze(mean(x, [2, 3], { keepDim: true }), 3) // [N, C, 1]
    const mixed = this.conv(permute(averages, [0, 2, 1])) // [N, 1, C]
    const scale = sigmoid(unsqueeze(permute(mixed, [0, 2, 1]), 3)) // [N, C, 1, 1]
    return mul(scale, x)
  }
}

/** `|log₂(C) / 2 + 1 / 2|`, truncated and made odd as in the authors' code; at least 3. */
function channelsSeen(channels: number): number {
  const size = Math.trunc(Math.abs(Math.log2(channels) / 2 + 1 / 2))
  return Math.max(size % 2 === 1 ? size : size + 1, 3)
}

const IMAGE = [2, 3]
const GATE_OPTIONS = { reductionRatio: numberAbove(0) }

/** Channel attention: averages and maxima of the image through one small MLP, added (the paper's figure 2, top). */
export class ChannelGate extends Module {
  readonly mlp: Sequential

  constructor(gateChannels: number, options: { readonly reductionRatio?: number } = {}) {
    super()
    const { reductionRatio = 16 } = checkOptions(new.target.name, options, GATE_OPTIONS)
    checkArguments(new.target.name, { gateChannels }, { gateChannels: positiveInteger })
    const squeezed = Math.floor(gateChannels / reductionRatio)
    if (squeezed < 1) {
      throw new ResnetError(
        `ChannelGate: a reduction ratio of ${reductionRatio} is too much for ${counted(gateChannels, 'channel', 'channels')}`
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
  readonly compress = new ChannelPool()
  readonly spatial = new BasicConv(2, 1, 7, { padding: 3 })

  forward(x: Value): Value {
    return mul(x, sigmoid(this.spatial(this.compress(x)))) // by [N, 1, H, W]
  }
}

/**
 * Convolutional Block Attention Module (Woo, Park, Lee & Kweon 2018, arXiv:1807.06521): channel attention, then spatial
 * attention. Shape: (N, gateChannels, H, W) → the same.
 */
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
