// Every model by name: how to build it and which weights are published for it. The command line reads this table.
import type { Module } from '../nn/module.js'
import { ResnetError } from '../tensor/errors.js'
import { didYouMean } from '../tensor/nearest-names.js'
import * as cifar from './cifar-resnet.js'
import * as resnet from './resnet.js'
import * as resnetWeights from './resnet-weights.js'
import * as vgg from './vgg.js'
import * as vggWeights from './vgg-weights.js'
import type { Weights } from './weights.js'

/** What every model can be built with. */
export interface ModelOptions {
  /** Outputs of the last layer. */
  readonly numClasses?: number
  /** Channels of the images; default 3. */
  readonly inChannels?: number
  /** `false` for the plain twin without shortcuts. A VGG, which has none to leave out, is its own twin. */
  readonly residual?: boolean
}

/** A model as the registry knows it. */
export interface ModelEntry {
  readonly build: (options?: ModelOptions) => Module
  /** Height and width of the images it is made for; others are possible. */
  readonly inputSize: number
  /** Published weights by member name (`IMAGENET1K_V1`, …, `DEFAULT`). */
  readonly weights: Readonly<Record<string, Weights>>
}

function imagenet(build: ModelEntry['build'], weights: ModelEntry['weights']): ModelEntry {
  return { build, inputSize: 224, weights }
}

function cifar10(build: ModelEntry['build']): ModelEntry {
  return { build, inputSize: 32, weights: {} }
}

const ENTRIES = {
  resnet18: imagenet(resnet.resnet18, resnetWeights.ResNet18_Weights),
  resnet34: imagenet(resnet.resnet34, resnetWeights.ResNet34_Weights),
  resnet50: imagenet(resnet.resnet50, resnetWeights.ResNet50_Weights),
  resnet101: imagenet(resnet.resnet101, resnetWeights.ResNet101_Weights),
  resnet152: imagenet(resnet.resnet152, resnetWeights.ResNet152_Weights),
  resnext50_32x4d: imagenet(resnet.resnext50_32x4d, resnetWeights.ResNeXt50_32X4D_Weights),
  resnext101_32x8d: imagenet(resnet.resnext101_32x8d, resnetWeights.ResNeXt101_32X8D_Weights),
  resnext101_64x4d: imagenet(resnet.resnext101_64x4d, resnetWeights.ResNeXt101_64X4D_Weights),
  wide_resnet50_2: imagenet(resnet.wide_resnet50_2, resnetWeights.Wide_ResNet50_2_Weights),
  wide_resnet101_2: imagenet(resnet.wide_resnet101_2, resnetWeights.Wide_ResNet101_2_Weights),
  vgg11: imagenet(vgg.vgg11, vggWeights.VGG11_Weights),
  vgg11_bn: imagenet(vgg.vgg11_bn, vggWeights.VGG11_BN_Weights),
  vgg13: imagenet(vgg.vgg13, vggWeights.VGG13_Weights),
  vgg13_bn: imagenet(vgg.vgg13_bn, vggWeights.VGG13_BN_Weights),
  vgg16: imagenet(vgg.vgg16, vggWeights.VGG16_Weights),
  vgg16_bn: imagenet(vgg.vgg16_bn, vggWeights.VGG16_BN_Weights),
  vgg19: imagenet(vgg.vgg19, vggWeights.VGG19_Weights),
  vgg19_bn: imagenet(vgg.vgg19_bn, vggWeights.VGG19_BN_Weights),
  cifar_resnet8: cifar10(cifar.cifar_resnet8),
  cifar_resnet14: cifar10(cifar.cifar_resnet14),
  cifar_resnet20: cifar10(cifar.cifar_resnet20),
  cifar_resnet32: cifar10(cifar.cifar_resnet32),
  cifar_resnet44: cifar10(cifar.cifar_resnet44),
  cifar_resnet56: cifar10(cifar.cifar_resnet56),
  cifar_resnet110: cifar10(cifar.cifar_resnet110)
} satisfies Record<string, ModelEntry>

/** The name of a model in the registry. */
export type ModelName = keyof typeof ENTRIES

/** All models by name, in the order they are listed. */
export const MODELS: Readonly<Record<ModelName, ModelEntry>> = ENTRIES

/**
 * Finds a model by its name.
 * @throws ResnetError that names the nearest models, or all where none is near.
 */
export function findModel(name: string): ModelEntry {
  const entry = Object.entries<ModelEntry>(MODELS).find(([known]) => known === name)?.[1]
  if (entry) return entry
  const known = Object.keys(MODELS)
  const advice = didYouMean(name, known) || `; expected one of ${known.join(', ')}`
  throw new ResnetError(`There is no model '${name}'${advice}`)
}
