// Published weights: address, preparation of images, accuracy. Presets belong to weights, not models: V2 resizes differently.
import type { ImageClassificationOptions } from '../images/pipeline/presets.js'

/** One published set of weights (torchvision: a member of a `WeightsEnum`). */
export interface Weights {
  /** `ResNet50_Weights.IMAGENET1K_V2` */
  readonly name: string
  readonly url: string
  /** The first eight hex digits of the file's SHA-256. */
  readonly sha256Prefix: string
  /** The preparation of images. */
  readonly transforms: ImageClassificationOptions
  /** Accuracy in percent on ImageNet-1K's validation set, centre crop. */
  readonly accuracy: { readonly top1: number; readonly top5: number }
}

const HOST = 'https://download.pytorch.org/models'

type Row = readonly [file: string, sha256Prefix: string, top1: number, top5: number, resizeSize?: number]

/** A model's published weights by name; `DEFAULT` is the last, the best. */
export function weightsOf<const K extends string>(
  name: string,
  rows: Readonly<Record<K, Row>>
): Readonly<Record<K | 'DEFAULT', Weights>> {
  const entries = Object.entries<Row>(rows).map(
    ([member, row]) => [member, entry(`${name}.${member}`, row)] as const
  )
  const [, best] = entries[entries.length - 1]
  const members = Object.fromEntries([...entries, ['DEFAULT', best]])
  return Object.freeze(members as Record<K | 'DEFAULT', Weights>)
}

function entry(name: string, [file, sha256Prefix, top1, top5, resizeSize = 256]: Row): Weights {
  return {
    name,
    url: `${HOST}/${file}-${sha256Prefix}.pth`,
    sha256Prefix,
    transforms: { cropSize: 224, resizeSize },
    accuracy: { top1, top5 }
  }
}
