// timm's tags of pretrained weights, read from their table: `resnet50.a1_in1k` is resnet50 with the weights `a1_in1k`. Loaded where
// one is named, as few programs do.
import { ResnetError } from '../base/errors.js'
import { nearestNames } from '../base/nearest-names.js'
import { IMAGENET_MEAN, IMAGENET_STD, type ImageClassificationOptions } from '../images/pipeline/presets.js'
import { formerName } from './former-name.js'
import { MODELS, type ModelEntry } from './registry.js'
import { TAG_KINDS, TAGS, type TagKind } from './timm-tag-table.js'

/** One of timm's pretrained networks, as timm describes it. */
export interface TimmTag {
  /** The model and its tag: `resnet50.a1_in1k`. */
  readonly name: string
  readonly model: string
  readonly tag: string
  /** Its weights on the Hugging Face Hub, `timm/resnet50.a1_in1k`; undefined where there are none. */
  readonly repository: string | undefined
  /** Number of outputs; 0 for a backbone without a classifier. */
  readonly numClasses: number
  /** The weights' licence, such as `apache-2.0`; undefined where timm states none. */
  readonly licence: string | undefined
  /** The preparation of pictures for evaluation at the size of training (timm: `resolve_model_data_config`). */
  readonly train: ImageClassificationOptions
  /** The same at the size for tests, with which the accuracies were measured (timm: `use_test_size`). */
  readonly test: ImageClassificationOptions
}

/** A model's tags in timm's order, or those of all models; none of a model that timm does not have. */
export function timmTags(model?: string): TimmTag[] {
  const models = model === undefined ? Object.keys(TAGS) : [timmName(model)]
  return models.flatMap(name => (Object.hasOwn(TAGS, name) ? tagsOf(name, TAGS[name]) : []))
}

/** @throws ResnetError naming those that there are, the nearest first. */
export function findTag(model: string, tag: string): TimmTag {
  const known = timmTags(model)
  const found = known.find(each => each.tag === tag)
  if (found) return found
  const tags = known.map(each => each.tag)
  if (tags.length === 0) {
    const expected = "timm's residual networks have tags, such as resnet50.a1_in1k"
    throw new ResnetError(`There is no tag '${tag}' of ${model}: ${expected}`)
  }
  const sorted = new Set([...nearestNames(tag, tags), ...tags])
  throw new ResnetError(`There is no tag '${tag}' of ${model}; timm has ${[...sorted].join(', ')}`)
}

/** A model's name in timm, without a tag. */
function timmName(given: string): string {
  const [model] = (formerName(given) ?? given).split('.')
  const [alias] = Object.entries<ModelEntry>(MODELS).find(([, { aliasOf }]) => aliasOf === model) ?? []
  return alias ?? model
}

function tagsOf(model: string, tags: string): TimmTag[] {
  return tags.split(', ').map(text => {
    const [tag, index] = text.split(' ')
    return described(model, tag, TAG_KINDS[Number(index)])
  })
}

function described(model: string, tag: string, kind: TagKind): TimmTag {
  const { size, crop, testSize = size, testCrop = crop, classes = 1000, isPublished = true } = kind
  const name = `${model}.${tag}`
  const { statistics, interpolation = 'bicubic', licence = 'apache-2.0' } = kind
  const [mean, std] =
    statistics === undefined
      ? [IMAGENET_MEAN, IMAGENET_STD]
      : [perChannel(statistics), perChannel(statistics)]
  const prepared = (cropSize: number, part: number): ImageClassificationOptions => ({
    cropSize,
    resizeSize: Math.floor(cropSize / part),
    interpolation,
    mean,
    std
  })
  return {
    name,
    model,
    tag,
    repository: isPublished ? `timm/${name}` : undefined,
    numClasses: classes,
    licence: licence ?? undefined,
    train: prepared(size, crop),
    test: prepared(testSize, testCrop)
  }
}

function perChannel(value: number) {
  return [value, value, value] as const
}
