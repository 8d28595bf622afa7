// Transforms one after the other: from a picture to the floats a network is trained on.
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { Tensor } from '../../tensor/tensor.js'
import { ImageError } from '../image-error.js'
import type { Picture } from '../picture.js'
import { applyColorJitter, type ColorJitter } from './colour-jitter.js'
import { applyCenterCrop, applyRandomCrop, type CenterCrop, type RandomCrop } from './crop.js'
import { eraseRandomly, type RandomErasing } from './erase.js'
import { applyRandomFlip, type RandomFlip } from './flip.js'
import { applyRandAugment, type RandAugment } from './rand-augment.js'
import { applyRandomResizedCrop, type RandomResizedCrop } from './random-resized-crop.js'
import { applyResize, type Resize } from './resize-picture.js'
import { toFloats, type ToTensor } from './to-tensor.js'

/** What makes a picture of a picture. */
export type PictureTransform =
  RandomResizedCrop | Resize | CenterCrop | RandomCrop | RandomFlip | ColorJitter | RandAugment

/** A step of preparing pictures: plain data, so that it can cross to a worker thread. */
export type Transform = PictureTransform | ToTensor | RandomErasing

/**
 * Prepares one picture; the same seed prepares it the same way.
 * @throws ImageError when a transform and the picture do not fit.
 */
export type Pipeline = (picture: Picture, generator: RandomGenerator) => Tensor<'float32'>

/**
 * Puts transforms together (torchvision: `transforms.Compose`): those of pictures, `toTensor`, and those of tensors.
 *
 * The draws are torchvision's: after `torch.manual_seed(s)` there and with `new Generator(s)` here, the same floats
 * come out.
 * @throws ImageError when the transforms stand in another order.
 * @example
 * const prepare = makePipeline([randomCrop(32, { padding: 4 }), randomHorizontalFlip(), toTensor()])
 * const picture = { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 } as const
 * prepare(picture, new RandomGenerator(0)).shape // [3, 32, 32]
 */
export function makePipeline(transforms: readonly Transform[]): Pipeline {
  const at = transforms.findIndex(({ name }) => name === 'toTensor')
  const pictures = transforms.slice(0, at).filter(isOfPictures)
  const erasings = transforms.slice(at + 1).filter(isErasing)
  const conversion = transforms[at]
  if (conversion?.name !== 'toTensor' || pictures.length + 1 + erasings.length !== transforms.length) {
    const order = transforms.map(({ name }) => name).join(', ') || 'none'
    throw new ImageError(
      'makePipeline',
      `transforms of pictures come first, then one toTensor, then randomErasing; these are ${order}`
    )
  }
  const write = toFloats(conversion)
  return (picture, generator) => {
    const changed = applyTransforms(picture, pictures, generator)
    const { width, height, channels } = changed
    const data = new Float32Array(channels * height * width)
    write(changed, data)
    for (const erasing of erasings) eraseRandomly({ data, channels, height, width }, erasing, generator)
    return new Tensor(data, [channels, height, width], 'float32')
  }
}

/**
 * Applies transforms of pictures one after the other.
 * @throws ImageError when one does not fit the picture.
 */
export function applyTransforms(
  picture: Picture,
  transforms: readonly PictureTransform[],
  generator: RandomGenerator
): Picture {
  return transforms.reduce((changed, transform) => applyOne(changed, transform, generator), picture)
}

function applyOne(picture: Picture, transform: PictureTransform, generator: RandomGenerator): Picture {
  switch (transform.name) {
    case 'randomResizedCrop':
      return applyRandomResizedCrop(picture, transform, generator)
    case 'resize':
      return applyResize(picture, transform)
    case 'centerCrop':
      return applyCenterCrop(picture, transform)
    case 'randomCrop':
      return applyRandomCrop(picture, transform, generator)
    case 'randomHorizontalFlip':
    case 'randomVerticalFlip':
      return applyRandomFlip(picture, transform, generator)
    case 'colorJitter':
      return applyColorJitter(picture, transform, generator)
    case 'randAugment':
      return applyRandAugment(picture, transform, generator)
  }
}

/** Whether a transform makes a picture of a picture. */
export function isOfPictures(transform: Transform): transform is PictureTransform {
  return transform.name !== 'toTensor' && transform.name !== 'randomErasing'
}

function isErasing(transform: Transform): transform is RandomErasing {
  return transform.name === 'randomErasing'
}
