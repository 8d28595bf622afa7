// Very Deep Convolutional Networks (Simonyan & Zisserman 2014, arXiv:1409.1556), as in torchvision: without shortcuts.
import {
  checkArguments,
  checkOptions,
  instanceOf,
  numberBetween,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { flatten } from '../../ir/functional/shaping.js'
import type { Value } from '../../ir/ops.js'
import { kaimingNormal, normal, zeros } from '../../nn/init.js'
import { ReLU } from '../../nn/layers/activation.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { Dropout } from '../../nn/layers/dropout.js'
import { AdaptiveAvgPool2d, MaxPool2d } from '../../nn/layers/pooling.js'
import { Sequential } from '../../nn/layers/containers.js'
import { Module } from '../../nn/module/module.js'
import { freshHead, HEAD_OPTIONS, type HeadOptions, type WithHead } from '../head.js'
import { builder } from '../builder.js'

/** Channels of each 3×3 convolution; `'M'` is a max-pool. */
export type VGGConfiguration = readonly (number | 'M')[]

/** The paper's table 1: configurations A (11 layers with weights), B (13), D (16) and E (19). */
const A: VGGConfiguration = [64, 'M', 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M']
const B: VGGConfiguration = [64, 64, 'M', 128, 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M']
const D: VGGConfiguration = [
  ...([64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M'] as const),
  ...([512, 512, 512, 'M', 512, 512, 512, 'M'] as const)
]
const E: VGGConfiguration = [
  ...([64, 64, 'M', 128, 128, 'M', 256, 256, 256, 256, 'M'] as const),
  ...([512, 512, 512, 512, 'M', 512, 512, 512, 512, 'M'] as const)
]

const HEAD = {
  /** Outputs of the last layer; default 1000. */
  numClasses: positiveInteger,
  /** Dropout probability in the head; default 0.5. */
  dropout: numberBetween(0, 1)
}

const OPTIONS = {
  ...HEAD,
  /** Channels of the images: 1 for greyscale; default 3. PyTorch difference: torchvision's networks take 3. */
  inChannels: positiveInteger
}

/** Options of `VGG`, with torchvision's names and defaults. */
export interface VGGOptions extends OptionsOf<typeof OPTIONS> {}

/** The convolutions, optionally normalised, and pools. */
function makeFeatures(configuration: VGGConfiguration, batchNorm: boolean, inChannels: number): Sequential {
  const layers: Module[] = []
  let channels = inChannels
  for (const entry of configuration) {
    if (entry === 'M') {
      layers.push(new MaxPool2d(2, { stride: 2 }))
      continue
    }
    layers.push(new Conv2d(channels, entry, 3, { padding: 1 }))
    if (batchNorm) layers.push(new BatchNorm2d(entry))
    layers.push(new ReLU({ inplace: true }))
    channels = entry
  }
  return new Sequential(...layers)
}

/**
 * A plain convolutional network with three fully connected layers.
 *
 * Shape: (N, inChannels, H, W) → (N, numClasses).
 */
export class VGG extends Module implements WithHead {
  readonly stem = 'features.0'
  readonly head = 'classifier.6'
  readonly features: Sequential
  readonly avgpool = new AdaptiveAvgPool2d([7, 7])
  classifier: Sequential

  constructor(features: Sequential, options: Omit<VGGOptions, 'inChannels'> = {}) {
    super()
    const { numClasses = 1000, dropout = 0.5 } = checkOptions(new.target.name, options, HEAD)
    checkArguments(new.target.name, { features }, { features: instanceOf(Sequential) })
    this.features = features
    this.classifier = new Sequential(
      new Linear(512 * 7 * 7, 4096),
      new ReLU({ inplace: true }),
      new Dropout(dropout),
      new Linear(4096, 4096),
      new ReLU({ inplace: true }),
      new Dropout(dropout),
      new Linear(4096, numClasses)
    )

    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal(module.weight, { mode: 'fan_out', nonlinearity: 'relu' })
      else if (module instanceof Linear) normal(module.weight, 0, 0.01)
      else continue
      if (module.bias) zeros(module.bias)
    }
  }

  /** The paper's groups of convolutions (table 1), separated by pools. */
  get partStarts(): readonly string[] {
    const layers = [...this.features]
    return layers.flatMap((_, place) => (layers[place - 1] instanceof MaxPool2d ? [`features.${place}`] : []))
  }

  /**
   * Replaces the last layer for another number of outputs (timm: `reset_classifier`), drawn as torch's
   * `net.classifier[6] = nn.Linear(…)`.
   * @throws ResnetError unless `numClasses` is a whole number above 0.
   */
  resetClassifier(numClasses: number): this {
    const { training } = this.classifier
    const layers = [...this.classifier]
    this.classifier = new Sequential(...layers.slice(0, -1), freshHead(layers.at(-1), numClasses))
    this.classifier.training = training
    return this
  }

  forward(x: Value): Value {
    return this.forwardHead(this.forwardFeatures(x))
  }

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, 512, h, w). */
  forwardFeatures(x: Value): Value {
    return this.features(x)
  }

  /**
   * The head (timm: `forward_head`). Shape: (N, 512, h, w) → (N, numClasses).
   * @param options `preLogits`: stop before the last layer, at (N, 4096).
   */
  forwardHead(x: Value, options: HeadOptions = {}): Value {
    const { preLogits = false } = checkOptions('forwardHead', options, HEAD_OPTIONS)
    x = flatten(this.avgpool(x), 1)
    const head = preLogits ? this.classifier.slice(0, -1) : this.classifier
    return head(x)
  }
}

/* @__NO_SIDE_EFFECTS__ */
function vgg(
  name: string,
  configuration: VGGConfiguration,
  batchNorm: boolean
): (options?: VGGOptions) => VGG {
  const build = ({ inChannels = 3, ...head }: VGGOptions): VGG =>
    new VGG(makeFeatures(configuration, batchNorm, inChannels), head)
  return builder(name, OPTIONS, {}, build)
}

/** VGG-11, configuration A (torchvision: `vgg11`). */
export const vgg11 = vgg('vgg11', A, false)

/** VGG-11 with batch normalisation (torchvision: `vgg11_bn`). */
export const vgg11_bn = vgg('vgg11_bn', A, true)

/** VGG-13, configuration B (torchvision: `vgg13`). */
export const vgg13 = vgg('vgg13', B, false)

/** VGG-13 with batch normalisation (torchvision: `vgg13_bn`). */
export const vgg13_bn = vgg('vgg13_bn', B, true)

/** VGG-16, configuration D (torchvision: `vgg16`). 138,357,544 parameters. */
export const vgg16 = vgg('vgg16', D, false)

/** VGG-16 with batch normalisation (torchvision: `vgg16_bn`). 138,365,992 parameters. */
export const vgg16_bn = vgg('vgg16_bn', D, true)

/** VGG-19, configuration E (torchvision: `vgg19`). */
export const vgg19 = vgg('vgg19', E, false)

/** VGG-19 with batch normalisation (torchvision: `vgg19_bn`). */
export const vgg19_bn = vgg('vgg19_bn', E, true)
