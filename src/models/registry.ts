// Every model by name: how to build it and which weights are published for it. The command line reads this table.
import type { Module } from '../nn/module.js'
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import * as cbam from './resnet/cbam-resnet.js'
import * as cifarPreAct from './preact/cifar-preact-resnet.js'
import * as cifar from './resnet/cifar-resnet.js'
import * as eca from './resnet/eca-resnet.js'
import * as preAct from './preact/preact-resnet.js'
import * as resnet from './resnet/resnet.js'
import * as resnetD from './resnet/resnet-d.js'
import * as resnetWeights from './resnet/resnet-weights.js'
import * as se from './resnet/se-resnet.js'
import { SKIPS, type Skip } from './resnet/skip-names.js'
import * as vgg from './vgg/vgg.js'
import * as vggWeights from './vgg/vgg-weights.js'
import type { Weights } from './weights.js'

/** What every model can be built with. */
export interface ModelOptions {
  /** Outputs of the last layer. */
  readonly numClasses?: number
  /** Channels of the images; default 3. */
  readonly inChannels?: number
  /** `false` for the plain twin without shortcuts. A VGG, which has none to leave out, is its own twin. */
  readonly residual?: boolean
  /** What stands on the shortcuts; only for models with `takesSkip`. */
  readonly skip?: Skip
  /** What the bias of gates starts at, where `skip` gates. */
  readonly gateBias?: number
}

/** A model as the registry knows it. */
export interface ModelEntry {
  readonly build: (options?: ModelOptions) => Module
  /** Height and width of the images it is made for; others are possible. */
  readonly inputSize: number
  /** Published weights by member name (`IMAGENET1K_V1`, …, `DEFAULT`). */
  readonly weights: Readonly<Record<string, Weights>>
  /** Whether it can be built with something on its shortcuts (`skip`). */
  readonly takesSkip?: boolean
}

function imagenet(build: ModelEntry['build'], weights: ModelEntry['weights'] = {}): ModelEntry {
  return { build, inputSize: 224, weights }
}

/** A VGG has no shortcuts to leave out: it is its own plain twin. */
function vggEntry(build: typeof vgg.vgg11, weights: ModelEntry['weights']): ModelEntry {
  return imagenet(({ residual: _, ...options } = {}) => build(options), weights)
}

function cifar10(build: ModelEntry['build'], { takesSkip = true } = {}): ModelEntry {
  return { build, inputSize: 32, weights: {}, takesSkip }
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
  se_resnet18: imagenet(se.se_resnet18),
  se_resnet34: imagenet(se.se_resnet34),
  se_resnet50: imagenet(se.se_resnet50),
  se_resnet101: imagenet(se.se_resnet101),
  se_resnet152: imagenet(se.se_resnet152),
  cbam_resnet18: imagenet(cbam.cbam_resnet18),
  cbam_resnet34: imagenet(cbam.cbam_resnet34),
  cbam_resnet50: imagenet(cbam.cbam_resnet50),
  cbam_resnet101: imagenet(cbam.cbam_resnet101),
  eca_resnet18: imagenet(eca.eca_resnet18),
  eca_resnet50: imagenet(eca.eca_resnet50),
  preact_resnet18: imagenet(preAct.preact_resnet18),
  preact_resnet34: imagenet(preAct.preact_resnet34),
  preact_resnet50: imagenet(preAct.preact_resnet50),
  preact_resnet101: imagenet(preAct.preact_resnet101),
  preact_resnet152: imagenet(preAct.preact_resnet152),
  resnet50c: imagenet(resnetD.resnet50c),
  resnet18d: imagenet(resnetD.resnet18d),
  resnet34d: imagenet(resnetD.resnet34d),
  resnet50d: imagenet(resnetD.resnet50d),
  resnet101d: imagenet(resnetD.resnet101d),
  resnet152d: imagenet(resnetD.resnet152d),
  vgg11: vggEntry(vgg.vgg11, vggWeights.VGG11_Weights),
  vgg11_bn: vggEntry(vgg.vgg11_bn, vggWeights.VGG11_BN_Weights),
  vgg13: vggEntry(vgg.vgg13, vggWeights.VGG13_Weights),
  vgg13_bn: vggEntry(vgg.vgg13_bn, vggWeights.VGG13_BN_Weights),
  vgg16: vggEntry(vgg.vgg16, vggWeights.VGG16_Weights),
  vgg16_bn: vggEntry(vgg.vgg16_bn, vggWeights.VGG16_BN_Weights),
  vgg19: vggEntry(vgg.vgg19, vggWeights.VGG19_Weights),
  vgg19_bn: vggEntry(vgg.vgg19_bn, vggWeights.VGG19_BN_Weights),
  cifar_resnet8: cifar10(cifar.cifar_resnet8),
  cifar_resnet14: cifar10(cifar.cifar_resnet14),
  cifar_resnet20: cifar10(cifar.cifar_resnet20),
  cifar_resnet32: cifar10(cifar.cifar_resnet32),
  cifar_resnet44: cifar10(cifar.cifar_resnet44),
  cifar_resnet56: cifar10(cifar.cifar_resnet56),
  cifar_resnet110: cifar10(cifar.cifar_resnet110),
  cifar_preact_resnet20: cifar10(cifarPreAct.cifar_preact_resnet20, { takesSkip: false }),
  cifar_preact_resnet56: cifar10(cifarPreAct.cifar_preact_resnet56, { takesSkip: false }),
  cifar_preact_resnet110: cifar10(cifarPreAct.cifar_preact_resnet110, { takesSkip: false }),
  cifar_preact_resnet164: cifar10(cifarPreAct.cifar_preact_resnet164, { takesSkip: false })
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

/** Options as a file keeps them, where a name is any text. */
export type StoredOptions = Omit<ModelOptions, 'skip'> & { readonly skip?: string }

/**
 * Options to build with, from a file.
 * @throws ResnetError for a name this version does not know.
 */
export function readOptions({ skip, ...options }: StoredOptions): ModelOptions {
  if (skip === undefined) return options
  const known = SKIPS.find(name => name === skip)
  if (known) return { ...options, skip: known }
  throw new ResnetError(`skip: expected one of ${SKIPS.join(', ')}, got '${skip}'`)
}
