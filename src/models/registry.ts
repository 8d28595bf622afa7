// The registry of models and published weights.
import type { Module } from '../nn/module.js'
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import type { ModelOptions } from './model-options.js'
import * as cifar from './resnet/cifar-resnet.js'
import * as preAct from './preact/preact-resnet.js'
import * as relatives from './resnet/relatives.js'
import * as resnet from './resnet/resnet.js'
import * as vgg from './vgg/vgg.js'
import * as published from './weights.js'

export { readOptions, type ModelOptions, type StoredOptions } from './model-options.js'

/** Groups of models, in listing order. */
export const MODEL_GROUPS = ['resnet', 'cifar', 'preact', 'attention', 'tweaks', 'vgg'] as const

/** A group of models in a list. */
export type ModelGroup = (typeof MODEL_GROUPS)[number]

/** A model in the registry. */
export interface ModelEntry {
  readonly build: (options?: ModelOptions) => Module
  /** The paper's name of its family: `ResNeXt`. */
  readonly family: string
  readonly group: ModelGroup
  /** The usual height and width; others are possible. */
  readonly inputSize: number
  /** The default number of classes. */
  readonly numClasses: number
  /** Published weights by member name (`IMAGENET1K_V1`, …, `DEFAULT`). */
  readonly weights: Readonly<Record<string, published.Weights>>
  /** Whether it has the option `skip`. */
  readonly takesSkip?: boolean
}

type Row = (build: ModelEntry['build'], weights?: ModelEntry['weights']) => ModelEntry

/** An ImageNet family. */
function imagenet(family: string, group: ModelGroup): Row {
  return (build, weights = {}) => ({ family, group, inputSize: 224, numClasses: 1000, build, weights })
}

/** A VGG, which is its own plain twin. */
function vggRow(build: typeof vgg.vgg11, weights: ModelEntry['weights']): ModelEntry {
  return vggs(({ residual: _, ...options } = {}) => build(options), weights)
}

/** A CIFAR-10 family. */
function cifar10(family: string, takesSkip: boolean): Row {
  const shared = { family, group: 'cifar', inputSize: 32, numClasses: 10, takesSkip } as const
  return (build, weights = {}) => ({ ...shared, build, weights })
}

const resNet = imagenet('ResNet', 'resnet')
const resNeXt = imagenet('ResNeXt', 'resnet')
const wideResNet = imagenet('Wide ResNet', 'resnet')
const seResNet = imagenet('SE-ResNet', 'attention')
const cbamResNet = imagenet('ResNet-CBAM', 'attention')
const ecaResNet = imagenet('ECA-ResNet', 'attention')
const preActResNet = imagenet('Pre-activation ResNet', 'preact')
const resNetC = imagenet('ResNet-C', 'tweaks')
const resNetD = imagenet('ResNet-D', 'tweaks')
const vggs = imagenet('VGG', 'vgg')
const cifarResNet = cifar10('ResNet', true)
const cifarPreActResNet = cifar10('Pre-activation ResNet', false)

const ENTRIES = {
  resnet18: resNet(resnet.resnet18, published.ResNet18_Weights),
  resnet34: resNet(resnet.resnet34, published.ResNet34_Weights),
  resnet50: resNet(resnet.resnet50, published.ResNet50_Weights),
  resnet101: resNet(resnet.resnet101, published.ResNet101_Weights),
  resnet152: resNet(resnet.resnet152, published.ResNet152_Weights),
  resnext50_32x4d: resNeXt(resnet.resnext50_32x4d, published.ResNeXt50_32X4D_Weights),
  resnext101_32x8d: resNeXt(resnet.resnext101_32x8d, published.ResNeXt101_32X8D_Weights),
  resnext101_64x4d: resNeXt(resnet.resnext101_64x4d, published.ResNeXt101_64X4D_Weights),
  wide_resnet50_2: wideResNet(resnet.wide_resnet50_2, published.Wide_ResNet50_2_Weights),
  wide_resnet101_2: wideResNet(resnet.wide_resnet101_2, published.Wide_ResNet101_2_Weights),
  se_resnet18: seResNet(relatives.se_resnet18),
  se_resnet34: seResNet(relatives.se_resnet34),
  se_resnet50: seResNet(relatives.se_resnet50),
  se_resnet101: seResNet(relatives.se_resnet101),
  se_resnet152: seResNet(relatives.se_resnet152),
  cbam_resnet18: cbamResNet(relatives.cbam_resnet18),
  cbam_resnet34: cbamResNet(relatives.cbam_resnet34),
  cbam_resnet50: cbamResNet(relatives.cbam_resnet50),
  cbam_resnet101: cbamResNet(relatives.cbam_resnet101),
  eca_resnet18: ecaResNet(relatives.eca_resnet18),
  eca_resnet50: ecaResNet(relatives.eca_resnet50),
  preact_resnet18: preActResNet(preAct.preact_resnet18),
  preact_resnet34: preActResNet(preAct.preact_resnet34),
  preact_resnet50: preActResNet(preAct.preact_resnet50),
  preact_resnet101: preActResNet(preAct.preact_resnet101),
  preact_resnet152: preActResNet(preAct.preact_resnet152),
  resnet50c: resNetC(relatives.resnet50c),
  resnet18d: resNetD(relatives.resnet18d),
  resnet34d: resNetD(relatives.resnet34d),
  resnet50d: resNetD(relatives.resnet50d),
  resnet101d: resNetD(relatives.resnet101d),
  resnet152d: resNetD(relatives.resnet152d),
  vgg11: vggRow(vgg.vgg11, published.VGG11_Weights),
  vgg11_bn: vggRow(vgg.vgg11_bn, published.VGG11_BN_Weights),
  vgg13: vggRow(vgg.vgg13, published.VGG13_Weights),
  vgg13_bn: vggRow(vgg.vgg13_bn, published.VGG13_BN_Weights),
  vgg16: vggRow(vgg.vgg16, published.VGG16_Weights),
  vgg16_bn: vggRow(vgg.vgg16_bn, published.VGG16_BN_Weights),
  vgg19: vggRow(vgg.vgg19, published.VGG19_Weights),
  vgg19_bn: vggRow(vgg.vgg19_bn, published.VGG19_BN_Weights),
  cifar_resnet8: cifarResNet(cifar.cifar_resnet8),
  cifar_resnet14: cifarResNet(cifar.cifar_resnet14),
  cifar_resnet20: cifarResNet(cifar.cifar_resnet20),
  cifar_resnet32: cifarResNet(cifar.cifar_resnet32),
  cifar_resnet44: cifarResNet(cifar.cifar_resnet44),
  cifar_resnet56: cifarResNet(cifar.cifar_resnet56),
  cifar_resnet110: cifarResNet(cifar.cifar_resnet110),
  cifar_preact_resnet20: cifarPreActResNet(preAct.cifar_preact_resnet20),
  cifar_preact_resnet56: cifarPreActResNet(preAct.cifar_preact_resnet56),
  cifar_preact_resnet110: cifarPreActResNet(preAct.cifar_preact_resnet110),
  cifar_preact_resnet164: cifarPreActResNet(preAct.cifar_preact_resnet164)
} satisfies Record<string, ModelEntry>

export type ModelName = keyof typeof ENTRIES

/** All models by name, in the order they are listed. */
export const MODELS: Readonly<Record<ModelName, ModelEntry>> = ENTRIES

/** Finds a model. @throws ResnetError with the nearest names, or all. */
export function findModel(name: string): ModelEntry {
  const entry = Object.entries<ModelEntry>(MODELS).find(([known]) => known === name)?.[1]
  if (entry) return entry
  const known = Object.keys(MODELS)
  const advice = didYouMean(name, known) || `; expected one of ${known.join(', ')}`
  throw new ResnetError(`There is no model '${name}'${advice}`)
}
