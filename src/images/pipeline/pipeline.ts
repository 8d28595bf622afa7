// Chains steps from a picture to a network's input.
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { defaultGenerator } from '../../tensor/random/random.js'
import { Tensor } from '../../tensor/tensor.js'
import { checkPicture, ImageError, type Picture } from '../picture.js'
import { toRgb } from '../pixels/channels.js'
import { applyGrayscale, type Grayscale, type Rgb } from '../steps/channels.js'
import { applyColorJitter, type ColorJitter } from '../steps/color-jitter.js'
import { applyCenterCrop, applyRandomCrop, type CenterCrop, type RandomCrop } from '../steps/crop.js'
import { applyRandomFlip, type RandomFlip } from '../steps/flip.js'
import { applyRandAugment, type RandAugment } from '../steps/rand-augment.js'
import { eraseRandomly, type RandomErasing } from '../steps/random-erasing.js'
import { applyRandomResizedCrop, type RandomResizedCrop } from '../steps/random-resized-crop.js'
import { applyResize, type Resize } from '../steps/resize.js'
import { toFloats, type ToTensor } from '../steps/to-tensor.js'
import { resizeAndCrop } from './resize-and-crop.js'

/** A step from picture to picture. */
export type PictureTransform =
  | RandomResizedCrop
  | Resize
  | CenterCrop
  | RandomCrop
  | RandomFlip
  | ColorJitter
  | RandAugment
  | Grayscale
  | Rgb

/** A step of a pipeline: plain data, so that it can be sent to a worker. */
export type Transform = PictureTransform | ToTensor | RandomErasing

/** Prepares pictures, reproducibly for a given seed. */
export interface Pipeline {
  /**
   * Prepares one picture. Shape: (H, W, channels) → (channels, H', W').
   * @param generator source of random numbers; default the one that `manualSeed` seeds.
   * @throws ImageError when a step and the picture do not fit.
   */
  (picture: Picture, generator?: RandomGenerator): Tensor<'float32'>
  /** The picture before `toTensor`: what the network sees. */
  crop(picture: Picture, generator?: RandomGenerator): Picture
  readonly transforms: readonly Transform[]
}

/**
 * Chains steps (torchvision: `transforms.Compose`): those of pictures, `toTensor`, then those of tensors.
 *
 * Draws are torchvision's: `torch.manual_seed(s)` there and `new RandomGenerator(s)` here yield the same floats.
 * @param name what messages call it.
 * @throws ImageError when the steps are in another order.
 * @example
 * const prepare = makePipeline([randomCrop(32, { padding: 4 }), randomHorizontalFlip(), toTensor()])
 * const picture = { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 } as const
 * prepare(picture, new RandomGenerator(0)).shape // [3, 32, 32]
 */
export function makePipeline(transforms: readonly Transform[], name = 'makePipeline'): Pipeline {
  const at = transforms.findIndex(({ name }) => name === 'toTensor')
  const pictures = transforms.slice(0, at).filter(isOfPictures)
  const erasings = transforms.slice(at + 1).filter(isErasing)
  const conversion = transforms[at]
  if (conversion?.name !== 'toTensor' || pictures.length + 1 + erasings.length !== transforms.length) {
    const order = transforms.map(({ name }) => name).join(', ') || 'none'
    throw new ImageError(
      name,
      `expected steps of pictures first, then one toTensor, then randomErasing, got ${order}`
    )
  }
  const change = inOrder(pictures)
  const write = toFloats(conversion)
  const prepare = (picture: Picture, generator = defaultGenerator()): Tensor<'float32'> => {
    const changed = change(picture, generator)
    const { width, height, channels } = changed
    const data = new Float32Array(channels * height * width)
    write(changed, data)
    for (const erasing of erasings) eraseRandomly({ data, channels, height, width }, erasing, generator)
    return new Tensor(data, [channels, height, width], 'float32')
  }
  const crop = (picture: Picture, generator = defaultGenerator()): Picture => {
    const changed = change(picture, generator)
    // A resize reuses its output buffer.
    return { ...changed, data: changed.data.slice() }
  }
  return Object.assign(prepare, { crop, transforms: [...transforms] })
}

type Change = (picture: Picture, generator: RandomGenerator) => Picture

/** The steps in order, each resize fused with a following centre crop. */
function inOrder(transforms: readonly PictureTransform[]): Change {
  const changes: Change[] = []
  for (let i = 0; i < transforms.length; i++) {
    const [step, next] = [transforms[i], transforms[i + 1] as PictureTransform | undefined]
    if (step.name === 'resize' && next?.name === 'centerCrop') {
      changes.push(resizeAndCrop(step, next))
      i++
    } else {
      changes.push((picture, generator) => applyTransform(picture, step, generator))
    }
  }
  return (picture, generator) => {
    checkPicture(picture)
    return changes.reduce((changed, change) => change(changed, generator), picture)
  }
}

/** Applies a single step. @throws ImageError when it does not fit the picture. */
export function applyTransform(
  picture: Picture,
  transform: PictureTransform,
  generator: RandomGenerator
): Picture {
  switch (transform.name) {
    case 'grayscale':
      return applyGrayscale(picture, transform)
    case 'rgb':
      return toRgb(picture)
    case 'resize':
      return applyResize(picture, transform)
    case 'centerCrop':
      return applyCenterCrop(picture, transform)
    case 'randomCrop':
      return applyRandomCrop(picture, transform, generator)
    case 'randomResizedCrop':
      return applyRandomResizedCrop(picture, transform, generator)
    case 'randomHorizontalFlip':
    case 'randomVerticalFlip':
      return applyRandomFlip(picture, transform, generator)
    case 'colorJitter':
      return applyColorJitter(picture, transform, generator)
    case 'randAugment':
      return applyRandAugment(picture, transform, generator)
  }
}

function isOfPictures(transform: Transform): transform is PictureTransform {
  return transform.name !== 'toTensor' && transform.name !== 'randomErasing'
}

function isErasing(transform: Transform): transform is RandomErasing {
  return transform.name === 'randomErasing'
}
