// What a repository's config.json and preprocessor_config.json say of its network: those of timm, and those of transformers'
// ResNet. What would change the arithmetic and has no place here is refused by name.
import {
  checkedBy,
  dictionary,
  list,
  optional,
  partOf,
  plainText,
  propertiesOf,
  readJson,
  SchemaError,
  type ReadBy,
  type Reader
} from '../base/schema.js'
import { aBoolean, finiteNumber, numberBetween, wholeNumber } from '../base/options.js'
import { className, quote, shown } from '../base/words.js'
import type { Transform } from '../images/pipeline/transforms.js'
import type { Resampling } from '../images/resize/filters.js'
import { rgb } from '../images/steps/colour.js'
import { centerCrop, resize, resizeShorter } from '../images/steps/geometry.js'
import { toTensor } from '../images/steps/to-tensor.js'
import { IMAGENET_MEAN, IMAGENET_STD } from '../images/pipeline/presets.js'
import { IMAGENET_CLASSES } from '../models/imagenet-classes.js'
import type { Arithmetic } from '../models/arithmetic.js'
import { formerName } from '../models/former-name.js'
import { MODELS } from '../models/registry.js'
import { NetworkError } from './network-error.js'

/** A network as its repository describes it. */
export interface HubNetwork {
  /** A name from the registry. */
  readonly model: string
  /** Undefined where it has to be read off the weights. */
  readonly numClasses: number | undefined
  readonly inChannels: 1 | 3
  /** What its weights cannot tell, where it is not as usual. */
  readonly arithmetic?: Arithmetic
  readonly classes: readonly string[] | undefined
  readonly transforms: readonly Transform[]
  readonly licence: string | undefined
}

const nullable = <T>(read: Reader<T>): Reader<T | undefined> =>
  optional((value, path) => (value === null ? undefined : read(value, path)))
const anything: Reader<unknown> = value => value
const maybe = (value: unknown): unknown => value ?? undefined

const MOST_CLASSES = 2 ** 20
const name = plainText(4096)
const count = checkedBy(wholeNumber(0, MOST_CLASSES))
const side = checkedBy(wholeNumber(1, 4096))
const size = list(side, 3)
const share = checkedBy(numberBetween(0.01, 10))
const perChannel = list(checkedBy(finiteNumber), 1, 3)
/** Names in a list, or by their index. */
const names: Reader<readonly string[]> = (value, path) => {
  if (Array.isArray(value)) return list(name, 0, MOST_CLASSES)(value, path)
  const byIndex = dictionary(name, MOST_CLASSES)(value, path)
  return Array.from({ length: Object.keys(byIndex).length }, (_, i) => {
    if (!(i in byIndex)) throw new SchemaError(path, `expected a name for each index, got none for ${i}`)
    return byIndex[i]
  })
}

const TIMM_INPUT = {
  num_classes: nullable(count),
  input_size: nullable(size),
  test_input_size: nullable(size),
  interpolation: nullable(name),
  crop_pct: nullable(share),
  test_crop_pct: nullable(share),
  crop_mode: nullable(name),
  mean: nullable(perChannel),
  std: nullable(perChannel),
  label_names: nullable(names),
  labels: nullable(names),
  label_descriptions: nullable(anything),
  license: nullable(name),
  global_pool: nullable(name)
}
const readTimmInput = partOf(TIMM_INPUT)
const readTimm = partOf({
  architecture: name,
  model_args: nullable(propertiesOf),
  pretrained_cfg: nullable(readTimmInput),
  ...TIMM_INPUT
})

/**
 * @param testSize whether pictures are prepared at timm's size for tests.
 * @throws NetworkError naming what does not fit, and what to do.
 */
export function readHubNetwork(
  config: string,
  preprocessor: string | undefined,
  path: string,
  testSize = false
): HubNetwork {
  try {
    return readJson(config, 'config.json', (value, at) => {
      const about = propertiesOf(value, at)
      if (about.has('architecture')) return ofTimm(readTimm(value, at), path, testSize)
      if (about.get('model_type') === 'resnet')
        return ofTransformers(readTransformers(value, at), preprocessor, path)
      const kind = about.get('model_type')
      const what = typeof kind === 'string' ? `is of the model ${shown(kind)}` : 'names no architecture'
      throw new NetworkError(path, `its config.json ${what}: expected timm's, or transformers' resnet`)
    })
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    throw new NetworkError(path, `its files cannot be read: ${error.message}`, { cause: error })
  }
}

/** What a config.json calls its network, whether this package has it or not. */
export function architectureIn(config: string): string | undefined {
  return readJson(config, 'config.json', (value, at) => {
    const about = propertiesOf(value, at)
    const [first] = listOf(about.get('architectures'))
    const told = about.get('architecture') ?? first ?? about.get('model_type')
    return told === undefined ? undefined : name(told, at)
  })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

// What changes neither shapes nor the result of evaluation.
const HARMLESS = new Set([
  'num_classes',
  'in_chans',
  'drop_rate',
  'drop_path_rate',
  'drop_block_rate',
  'pretrained'
])

function ofTimm(config: ReadBy<typeof readTimm>, path: string, testSize: boolean): HubNetwork {
  const { architecture: named, model_args: args = new Map<string, unknown>() } = config
  const [architecture] = (formerName(named) ?? named).split('.')
  const pretrained: Partial<ReadBy<typeof readTimmInput>> = config.pretrained_cfg ?? {}
  assertKnown(architecture, path)
  const changed = [...args.keys()].filter(key => !HARMLESS.has(key) && !isUsual(key, args.get(key)))
  if (changed.length > 0) {
    const fault = `its config.json builds ${architecture} with other model_args (${changed.map(quote).join(', ')})`
    throw new NetworkError(path, `${fault}, which this package has no options for`)
  }
  // What stands above counts more; older files have everything there.
  const { label_descriptions: descriptions = pretrained.label_descriptions, ...told } = {
    ...pretrained,
    ...config
  }
  const pool = told.global_pool ?? 'avg'
  if (pool !== 'avg' && pool !== '')
    throw new NetworkError(path, `its config.json pools by ${quote(pool)}, and only 'avg' is known here`)
  const atTest = testSize ? { size: told.test_input_size, crop: told.test_crop_pct } : {}
  const [channels = 3, height = 224, width = 224] = atTest.size ?? told.input_size ?? []
  if (channels !== 1 && channels !== 3)
    throw new NetworkError(
      path,
      `its config.json wants images of ${channels} channels, and pictures have 1 or 3`
    )
  const labels = told.label_names ?? told.labels
  const described = (label: string): string => {
    const text =
      typeof descriptions === 'object' && descriptions !== null
        ? propertiesOf(descriptions, '').get(label)
        : undefined
    return typeof text === 'string' ? name(text, 'label_descriptions') : label
  }
  const numClasses = told.num_classes
  return {
    model: architecture,
    numClasses,
    inChannels: channels,
    classes: labels?.map(described),
    transforms: [
      rgb(),
      ...timmSteps(path, { ...told, crop_pct: atTest.crop ?? told.crop_pct }, height, width),
      toTensor(statistics(told.mean ?? IMAGENET_MEAN, told.std ?? IMAGENET_STD))
    ],
    licence: told.license
  }
}

function isUsual(key: string, value: unknown): boolean {
  return value === null || (key === 'global_pool' && value === 'avg')
}

function statistics(mean: readonly number[], std: readonly number[]) {
  return { mean: [...mean], std: [...std] }
}

type TimmInput = Pick<ReadBy<typeof readTimm>, 'crop_pct' | 'crop_mode' | 'interpolation'>

function timmSteps(
  path: string,
  { crop_pct = 0.875, crop_mode = 'center', interpolation = 'bicubic' }: TimmInput,
  height: number,
  width: number
): Transform[] {
  const by = resamplingOf(interpolation, path)
  const scaled = (length: number): number => Math.floor(length / crop_pct)
  if (crop_mode === 'squash')
    return [resize([scaled(height), scaled(width)], by), centerCrop([height, width])]
  if (crop_mode !== 'center' || height !== width) {
    const what = crop_mode === 'center' ? `crops ${height} × ${width} pixels` : `crops by ${quote(crop_mode)}`
    throw new NetworkError(
      path,
      `its config.json ${what}, which is not known here: name the model, and give the option transforms`
    )
  }
  return [resizeShorter(scaled(height), by), centerCrop(height)]
}

const RESAMPLINGS: ReadonlyMap<unknown, Resampling> = new Map<unknown, Resampling>([
  ['bilinear', 'bilinear'],
  ['bicubic', 'bicubic'],
  ['lanczos', 'lanczos'],
  ['box', 'box'],
  ['hamming', 'hamming'],
  // timm's own preparation takes bilinear in evaluation.
  ['random', 'bilinear'],
  // Pillow's numbers, which transformers writes.
  [1, 'lanczos'],
  [2, 'bilinear'],
  [3, 'bicubic'],
  [4, 'box'],
  [5, 'hamming']
])

function resamplingOf(given: string | number, path: string): { readonly interpolation: Resampling } {
  const interpolation = RESAMPLINGS.get(given)
  if (interpolation) return { interpolation }
  throw new NetworkError(
    path,
    `resizes by ${shown(given)}, which is not known here: name the model, and give the option transforms`
  )
}

function assertKnown(model: string, path: string): void {
  if (Object.hasOwn(MODELS, model)) return
  const fault = `is of the network ${quote(model)}, which is none of this package's`
  throw new NetworkError(path, `${fault}; \`resnet list\` shows those it has`)
}

const blocks = list(checkedBy(wholeNumber(1, 1000)), 4)
const readTransformers = partOf({
  depths: nullable(blocks),
  hidden_sizes: nullable(blocks14()),
  embedding_size: nullable(checkedBy(wholeNumber(1))),
  layer_type: nullable(name),
  hidden_act: nullable(name),
  downsample_in_bottleneck: nullable(checkedBy(aBoolean)),
  downsample_in_first_stage: nullable(checkedBy(aBoolean)),
  num_channels: nullable(checkedBy(wholeNumber(1, 1024))),
  id2label: nullable(names)
})

function blocks14() {
  return list(checkedBy(wholeNumber(1, 2 ** 16)), 4)
}

/** By the kind of block and the blocks of each stage. */
const BY_DEPTHS: Readonly<Record<string, string>> = {
  'basic 2,2,2,2': 'resnet18',
  'basic 3,4,6,3': 'resnet34',
  'bottleneck 2,2,2,2': 'resnet26',
  'bottleneck 3,4,6,3': 'resnet50',
  'bottleneck 3,4,23,3': 'resnet101',
  'bottleneck 3,8,36,3': 'resnet152'
}

function ofTransformers(
  config: ReadBy<typeof readTransformers>,
  preprocessor: string | undefined,
  path: string
): HubNetwork {
  const { depths = [3, 4, 6, 3], layer_type: kind = 'bottleneck', num_channels: channels = 3 } = config
  const expansion = kind === 'basic' ? 1 : 4
  const sizes = [64, 128, 256, 512].map(size => size * expansion)
  const { hidden_sizes = [256, 512, 1024, 2048], embedding_size = 64, hidden_act = 'relu' } = config
  const others = [
    hidden_sizes.join() !== sizes.join() && `hidden_sizes ${hidden_sizes.join(', ')}`,
    embedding_size !== 64 && `embedding_size ${embedding_size}`,
    hidden_act !== 'relu' && `hidden_act ${quote(hidden_act)}`,
    config.downsample_in_first_stage === true && 'downsample_in_first_stage',
    channels !== 1 && channels !== 3 && `num_channels ${channels}`
  ].filter(other => other !== false)
  if (others.length > 0) {
    throw new NetworkError(
      path,
      `its config.json has ${others.join(', ')}, and no network of this package does`
    )
  }
  const structure = `${kind} ${depths.join()}`
  const model = BY_DEPTHS[structure]
  if (model === undefined)
    throw new NetworkError(
      path,
      `its config.json has ${kind} blocks of depths ${depths.join(', ')}, which no model of this package has`
    )
  assertKnown(model, path)
  const steps = preprocessor === undefined ? usualSteps() : preprocessorSteps(preprocessor, path)
  return {
    model,
    numClasses: config.id2label?.length,
    inChannels: channels === 1 ? 1 : 3,
    // Basic blocks have no 1×1 convolution, and transformers passes it over there.
    ...(kind === 'bottleneck' && { arithmetic: { strideIn1x1: config.downsample_in_bottleneck ?? false } }),
    classes: config.id2label,
    transforms: [rgb(), ...steps],
    licence: undefined
  }
}

function usualSteps(): Transform[] {
  return [resizeShorter(256), centerCrop(224), toTensor(statistics(IMAGENET_MEAN, IMAGENET_STD))]
}

const readPreprocessor = partOf({
  image_processor_type: nullable(name),
  feature_extractor_type: nullable(name),
  do_resize: nullable(checkedBy(aBoolean)),
  do_rescale: nullable(checkedBy(aBoolean)),
  do_normalize: nullable(checkedBy(aBoolean)),
  do_center_crop: nullable(checkedBy(aBoolean)),
  rescale_factor: nullable(checkedBy(finiteNumber)),
  size: maybe,
  crop_size: maybe,
  crop_pct: nullable(share),
  resample: nullable(checkedBy(wholeNumber(0, 5))),
  image_mean: nullable(perChannel),
  image_std: nullable(perChannel)
})
const readSize = partOf({ shortest_edge: nullable(side), height: nullable(side), width: nullable(side) })

// From here on ConvNext's processor warps, without a crop.
const WARPED = 384

function preprocessorSteps(json: string, path: string): Transform[] {
  const config = readJson(json, 'preprocessor_config.json', readPreprocessor)
  const { image_processor_type: kind = config.feature_extractor_type ?? '', do_normalize: isNormal = true } =
    config
  const isPlain = config.do_resize !== false && config.do_rescale !== false
  if (!isPlain || Math.abs((config.rescale_factor ?? 1 / 255) - 1 / 255) > 1e-6) {
    const fault = 'its preprocessor_config.json neither resizes nor scales to 0 … 1 as usual'
    throw new NetworkError(path, `${fault}: name the model, and give the option transforms`)
  }
  const by = resamplingOf(config.resample ?? 2, path)
  const { image_mean: mean = IMAGENET_MEAN, image_std: std = IMAGENET_STD } = config
  const convert = isNormal ? toTensor(statistics(mean, std)) : toTensor()
  const sizeOf = (given: unknown, at: string): Partial<ReadBy<typeof readSize>> => {
    if (typeof given !== 'number') return readSize(given, at)
    const length = side(given, at)
    return { shortest_edge: length }
  }
  const size = sizeOf(config.size ?? { shortest_edge: 224 }, 'preprocessor_config.json.size')
  const { shortest_edge: short, height, width } = size
  if (short !== undefined && kind.startsWith('ConvNext')) {
    const { crop_pct: part = 0.875 } = config
    if (short >= WARPED) return [resize([short, short], by), convert]
    return [resizeShorter(Math.trunc(short / part), by), centerCrop(short), convert]
  }
  if (height !== undefined && width !== undefined && config.do_center_crop !== true)
    return [resize([height, width], by), convert]
  if (short !== undefined && config.do_center_crop === true) {
    const crop = sizeOf(config.crop_size ?? short, 'preprocessor_config.json.crop_size')
    const [down = crop.shortest_edge ?? short, across = down] = [crop.height, crop.width]
    return [resizeShorter(short, by), centerCrop([down, across]), convert]
  }
  throw new NetworkError(
    path,
    `its preprocessor_config.json is of ${quote(kind)}, which is not known here: name the model, and give the option transforms`
  )
}

/** A name for each of so many classes: the repository's, ImageNet's for a thousand, or numbers. */
export function namesOf({ classes, model }: HubNetwork, numClasses: number, path: string): readonly string[] {
  if (classes === undefined || classes.length === 0) {
    const known = numClasses === IMAGENET_CLASSES.length ? IMAGENET_CLASSES : []
    return Array.from({ length: numClasses }, (_, index) => className(known, index))
  }
  if (classes.length === numClasses) return classes
  const fault = `its config.json names ${classes.length} classes, but its weights of ${model} have ${numClasses}`
  throw new NetworkError(path, `${fault}: the files do not belong together`)
}
