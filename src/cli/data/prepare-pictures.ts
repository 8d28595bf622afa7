import { grayscale, colorJitter } from '../../images/steps/colour.js'
import {
  randomCrop,
  centerCrop,
  randomHorizontalFlip,
  randomResizedCrop,
  resizeShorter,
  resize
} from '../../images/steps/geometry.js'
import { randomErasing, toTensor } from '../../images/steps/to-tensor.js'
import { cutmix, mixup, type BatchTransform } from '../../images/steps/mix.js'
import type { Transform } from '../../images/pipeline/transforms.js'
import { randAugment } from '../../images/steps/rand-augment.js'
import { ResnetError } from '../../base/errors.js'
import { RESIZE_FOR_CROP } from '../../networks/prepare.js'
import { AUGMENTATIONS, type Augmentation } from './data-options.js'
import type { DataKind } from './open-data.js'

export interface Preparation {
  readonly train: readonly Transform[]
  readonly mix: readonly BatchTransform[]
  readonly evaluate: readonly Transform[]
}

/** Transforms that make inputs of this height and width. @throws ResnetError for an unknown augmentation. */
export function preparePictures(kind: DataKind, size: number, augment: string | undefined): Preparation {
  const wanted = augment === undefined ? usual(kind) : parse(augment)
  const has = (name: Augmentation): boolean => wanted.includes(name)
  const normalise = toTensor({ mean: kind.mean, std: kind.std })
  const { width, height } = kind.pictures ?? {}
  const isFit = width === size && height === size
  const fit = isFit ? [] : [resizeShorter(Math.round(size * RESIZE_FOR_CROP)), centerCrop(size)]
  // Later inputs may have another size or colours.
  const fitAny = isFit ? [resize([size, size])] : fit
  const channels = kind.mean.length === 1 ? [grayscale()] : []
  const cropped = has('resized-crop')
    ? [randomResizedCrop(size)]
    : [...fit, ...(has('crop') ? [randomCrop(size, { padding: Math.max(1, Math.round(size / 8)) })] : [])]
  return {
    train: [
      ...cropped,
      ...(has('flip') ? [randomHorizontalFlip()] : []),
      ...(has('jitter') ? [colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 })] : []),
      ...(has('randaugment') ? [randAugment({ interpolation: 'bilinear' })] : []),
      normalise,
      ...(has('erase') ? [randomErasing({ p: 0.25 })] : [])
    ],
    mix: [...(has('mixup') ? [mixup({ alpha: 0.2 })] : []), ...(has('cutmix') ? [cutmix({ alpha: 1 })] : [])],
    evaluate: [...channels, ...fitAny, normalise]
  }
}

function usual({ name, mirrors }: DataKind): readonly Augmentation[] {
  if (name === 'folder') return ['resized-crop', 'flip']
  return mirrors ? ['crop', 'flip'] : ['crop']
}

function parse(text: string): readonly Augmentation[] {
  return text.split(',').map(part => {
    const known = AUGMENTATIONS.find(name => name === part.trim())
    if (known) return known
    throw new ResnetError(`augment '${part.trim()}': known are ${AUGMENTATIONS.join(', ')}`)
  })
}
