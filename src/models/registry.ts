// Every model by name: how to build it and which weights are published for it. The command line reads this table.
import type { Module } from '../nn/module.js'
import { ResnetError } from '../tensor/errors.js'
import * as resnet from './resnet.js'
import * as resnetWeights from './resnet-weights.js'
import * as vgg from './vgg.js'
import * as vggWeights from './vgg-weights.js'
import type { Weights } from './weights.js'

/** A model as the registry knows it. */
export interface ModelEntry {
  readonly build: (options?: { readonly numClasses?: number }) => Module
  /** Published weights by member name (`IMAGENET1K_V1`, …, `DEFAULT`). */
  readonly weights: Readonly<Record<string, Weights>>
}

const ENTRIES = {
  resnet18: { build: resnet.resnet18, weights: resnetWeights.ResNet18_Weights },
  resnet34: { build: resnet.resnet34, weights: resnetWeights.ResNet34_Weights },
  resnet50: { build: resnet.resnet50, weights: resnetWeights.ResNet50_Weights },
  resnet101: { build: resnet.resnet101, weights: resnetWeights.ResNet101_Weights },
  resnet152: { build: resnet.resnet152, weights: resnetWeights.ResNet152_Weights },
  resnext50_32x4d: { build: resnet.resnext50_32x4d, weights: resnetWeights.ResNeXt50_32X4D_Weights },
  resnext101_32x8d: { build: resnet.resnext101_32x8d, weights: resnetWeights.ResNeXt101_32X8D_Weights },
  resnext101_64x4d: { build: resnet.resnext101_64x4d, weights: resnetWeights.ResNeXt101_64X4D_Weights },
  wide_resnet50_2: { build: resnet.wide_resnet50_2, weights: resnetWeights.Wide_ResNet50_2_Weights },
  wide_resnet101_2: { build: resnet.wide_resnet101_2, weights: resnetWeights.Wide_ResNet101_2_Weights },
  vgg11: { build: vgg.vgg11, weights: vggWeights.VGG11_Weights },
  vgg11_bn: { build: vgg.vgg11_bn, weights: vggWeights.VGG11_BN_Weights },
  vgg13: { build: vgg.vgg13, weights: vggWeights.VGG13_Weights },
  vgg13_bn: { build: vgg.vgg13_bn, weights: vggWeights.VGG13_BN_Weights },
  vgg16: { build: vgg.vgg16, weights: vggWeights.VGG16_Weights },
  vgg16_bn: { build: vgg.vgg16_bn, weights: vggWeights.VGG16_BN_Weights },
  vgg19: { build: vgg.vgg19, weights: vggWeights.VGG19_Weights },
  vgg19_bn: { build: vgg.vgg19_bn, weights: vggWeights.VGG19_BN_Weights }
} satisfies Record<string, ModelEntry>

/** The name of a model in the registry. */
export type ModelName = keyof typeof ENTRIES

/** All models by name, in the order they are listed. */
export const MODELS: Readonly<Record<ModelName, ModelEntry>> = ENTRIES

/**
 * Finds a model by its name.
 * @throws ResnetError that names the models there are.
 */
export function findModel(name: string): ModelEntry {
  const entry = Object.entries<ModelEntry>(MODELS).find(([known]) => known === name)?.[1]
  if (entry) return entry
  throw new ResnetError(`There is no model '${name}'; expected one of ${Object.keys(MODELS).join(', ')}`)
}
