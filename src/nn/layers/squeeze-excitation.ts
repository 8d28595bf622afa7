// Squeeze-and-Excitation Networks (Hu, Shen & Sun 2017, arXiv:1709.01507), as torchvision.ops.SqueezeExcitation.
import { checkOptions, instanceOf } from '../../base/options.js'
import { mul } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { Module } from '../module.js'
import { ReLU, Sigmoid } from './activation.js'
import { Conv2d } from './conv2d.js'
import { AdaptiveAvgPool2d } from './pooling.js'

/** Scales each channel: average, two 1×1 convolutions, sigmoid. Shape: (N, inputChannels, H, W) → the same. */
export class SqueezeExcitation extends Module {
  readonly avgpool: AdaptiveAvgPool2d
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
    const { activation = new ReLU(), scaleActivation = new Sigmoid() } = options
    if (!Number.isSafeInteger(squeezeChannels) || squeezeChannels < 1) {
      throw new ResnetError(
        `SqueezeExcitation: expected a whole number of squeeze channels above 0, got ${squeezeChannels}`
      )
    }
    this.avgpool = new AdaptiveAvgPool2d(1)
    this.fc1 = new Conv2d(inputChannels, squeezeChannels, 1)
    this.fc2 = new Conv2d(squeezeChannels, inputChannels, 1)
    this.activation = activation
    this.scale_activation = scaleActivation
  }

  forward(x: Value): Value {
    const squeezed = this.activation(this.fc1(this.avgpool(x)))
    const scale = this.scale_activation(this.fc2(squeezed))
    return mul(scale, x)
  }
}
