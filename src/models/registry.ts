// The registry of models and published weights.
import { aString, checkArguments } from '../base/options.js'
import type { Module } from '../nn/module/module.js'
import { ResnetError } from '../base/errors.js'
import { didYouMean } from '../base/nearest-names.js'
import { abridge } from '../base/words.js'
import type { ModelOptions } from './model-options.js'
import * as cifar from './resnet/cifar-resnet.js'
import * as preAct from './preact/preact-resnet.js'
import * as resnetv2 from './preact/resnetv2.js'
import * as relatives from './resnet/relatives.js'
import * as res2net from './resnet/res2net.js'
import * as resnest from './resnet/resnest.js'
import * as resnet from './resnet/resnet.js'
import * as timmAttention from './resnet/timm-attention.js'
import * as timmOdd from './resnet/timm-odd.js'
import * as timm from './resnet/timm.js'
import * as vgg from './vgg/vgg.js'
import * as published from './weights.js'

export { readOptions, type ModelOptions, type StoredOptions } from './model-options.js'

/** Groups of models, in listing order. */
export const MODEL_GROUPS = ['resnet', 'cifar', 'preact', 'attention', 'tweaks', 'vgg', 'timm'] as const

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
  /** The model that it is by another name. */
  readonly aliasOf?: string | undefined
  /** The model whose state dicts have the same names and shapes, though this one computes something else with them. */
  readonly looksLike?: string | undefined
  /** Blocks per stage, where the network is a `ResNet`. */
  readonly layers?: readonly number[] | undefined
}

type Shared = Omit<ModelEntry, 'build' | 'weights'>

/** What makes a network, and how many blocks it has. */
type Maker = ModelEntry['build'] & Pick<ModelEntry, 'layers'>

function imagenet(family: string, group: ModelGroup): Shared {
  return { family, group, inputSize: 224, numClasses: 1000 }
}

function cifar10(family: string, takesSkip: boolean): Shared {
  return { family, group: 'cifar', inputSize: 32, numClasses: 10, takesSkip }
}

/** The weights of each model; the name of a set is the model's in other letters. */
const WEIGHTS = new Map<string, ModelEntry['weights']>(
  Object.entries(published).map(([name, weights]) => [name.replace('_Weights', '').toLowerCase(), weights])
)

/** The models of a family, whose names are a prefix and a size each. */
function family<Prefix extends string, Size extends string | number>(
  makers: Readonly<Record<`${NoInfer<Prefix>}${NoInfer<Size>}`, Maker>>,
  prefix: Prefix,
  sizes: readonly Size[],
  shared: Shared
): Readonly<Record<`${Prefix}${Size}`, ModelEntry>> {
  const entries = sizes.map(size => {
    const name = `${prefix}${size}` as const
    const make = makers[name]
    // A VGG is its own plain twin.
    const build: ModelEntry['build'] =
      shared.group === 'vgg' ? ({ residual: _, ...rest } = {}) => make(rest) : make
    const { layers } = make
    return [name, { ...shared, build, weights: WEIGHTS.get(name) ?? {}, ...(layers && { layers }) }]
  })
  return Object.fromEntries(entries) as Record<`${Prefix}${Size}`, ModelEntry>
}

/** The families of timm's networks by how their names begin, the longest first. */
const TIMM_FAMILIES = {
  seresnext: 'SE-ResNeXt',
  seresnet: 'SE-ResNet',
  senet: 'SENet',
  ecaresnext: 'ECA-ResNeXt',
  ecaresnet: 'ECA-ResNet',
  resnext: 'ResNeXt',
  resnetrs: 'ResNet-RS',
  resnetv2: 'Pre-activation ResNet',
  resnest: 'ResNeSt',
  res2next: 'Res2NeXt',
  res2net: 'Res2Net',
  resnet: 'ResNet'
}

/** timm's networks that are not among the others. */
function timms<Name extends string>(
  makers: Readonly<Record<Name, Maker>>
): Readonly<Record<Name, ModelEntry>> {
  const entries = Object.entries<Maker>(makers).map(([name, build]): [string, ModelEntry] => {
    const [, known = 'ResNet'] = Object.entries(TIMM_FAMILIES).find(([start]) => name.startsWith(start)) ?? []
    const family = name.endsWith('_bit') ? 'Big Transfer' : known
    const plain = name.replace(/aa|blur/, '')
    // There is no network without anti-aliasing that seresnetaa50d and seresnextaa201d_32x8d could be taken for.
    const looksLike = plain !== name && plain in { ...resnet, ...relatives, ...makers } ? plain : undefined
    return [name, { ...imagenet(family, 'timm'), build, weights: {}, layers: build.layers, looksLike }]
  })
  return Object.fromEntries(entries) as Record<Name, ModelEntry>
}

/** A model by another name. */
function alias(aliasOf: string, build: Maker): ModelEntry {
  return { ...imagenet('SE-ResNet', 'timm'), build, weights: {}, layers: build.layers, aliasOf }
}

const { AttentiveBottleneck: _, ...timmModels } = timmAttention
const { ResNetV2: __, ...timmPreAct } = resnetv2
const { Bottle2neck: ___, ...res2nets } = res2net
const { ResNestBottleneck: ____, SplitAttention: _____, ...resnests } = resnest

const ENTRIES = {
  ...family(resnet, 'resnet', [18, 34, 50, 101, 152], imagenet('ResNet', 'resnet')),
  ...family(resnet, 'resnext', ['50_32x4d', '101_32x8d', '101_64x4d'], imagenet('ResNeXt', 'resnet')),
  ...family(resnet, 'wide_resnet', ['50_2', '101_2'], imagenet('Wide ResNet', 'resnet')),
  ...family(relatives, 'se_resnet', [18, 34, 50, 101, 152], imagenet('SE-ResNet', 'attention')),
  ...family(relatives, 'cbam_resnet', [18, 34, 50, 101], imagenet('ResNet-CBAM', 'attention')),
  ...family(relatives, 'eca_resnet', [18, 50], imagenet('ECA-ResNet', 'attention')),
  ...family(preAct, 'preact_resnet', [18, 34, 50, 101, 152], imagenet('Pre-activation ResNet', 'preact')),
  ...family(relatives, 'resnet', ['50c'], imagenet('ResNet-C', 'tweaks')),
  ...family(relatives, 'resnet', ['18d', '34d', '50d', '101d', '152d'], imagenet('ResNet-D', 'tweaks')),
  ...family(vgg, 'vgg', [11, '11_bn', 13, '13_bn', 16, '16_bn', 19, '19_bn'], imagenet('VGG', 'vgg')),
  ...family(cifar, 'cifar_resnet', [8, 14, 20, 32, 44, 56, 110], cifar10('ResNet', true)),
  ...family(preAct, 'cifar_preact_resnet', [20, 56, 110, 164], cifar10('Pre-activation ResNet', false)),
  ...timms({ ...timm, ...timmModels, ...timmOdd, ...timmPreAct, ...res2nets, ...resnests }),
  seresnet50: alias('se_resnet50', relatives.se_resnet50),
  seresnet101: alias('se_resnet101', relatives.se_resnet101),
  seresnet152: alias('se_resnet152', relatives.se_resnet152)
}

export type ModelName = keyof typeof ENTRIES

/** All models by name, in the order they are listed. */
export const MODELS: Readonly<Record<ModelName, ModelEntry>> = ENTRIES

// Some of the names, where none is near.
const SHOWN = 10

/** Finds a model. @throws ResnetError with the nearest names, or some. */
export function findModel(name: string): ModelEntry {
  checkArguments('findModel', { name }, { name: aString })
  const entry = Object.entries<ModelEntry>(MODELS).find(([known]) => known === name)?.[1]
  if (entry) return entry
  const known = Object.keys(MODELS)
  const advice =
    didYouMean(name, known) || `; expected one of ${abridge(known, SHOWN)}, which \`resnet list --all\` shows`
  throw new ResnetError(`There is no model '${name}'${advice}`)
}
