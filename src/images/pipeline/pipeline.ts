// Chains steps from a picture to a network's input.
import { aString, checkArguments, type Check } from '../../base/options.js'
import { allocate } from '../../tensor/dtype.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { defaultGenerator } from '../../tensor/random/random.js'
import { Tensor } from '../../tensor/tensor.js'
import { checkPicture, type Picture } from '../picture.js'
import { toRgb } from '../pixels/colour.js'
import { centerRegion, pad } from '../pixels/cut-out.js'
import { resizer } from '../resize/resize.js'
import * as colour from '../steps/colour.js'
import * as geometry from '../steps/geometry.js'
import { applyRandAugment } from '../steps/rand-augment.js'
import * as tensor from '../steps/to-tensor.js'
import {
  readTransforms,
  type PictureTransform,
  type PipelineDescription,
  type Transform
} from './transforms.js'

type Apply<T> = (picture: Picture, step: T, generator: RandomGenerator) => Picture

/** Each function takes its own step, which `applyTransform` finds by the name. */
const APPLY: Readonly<Record<PictureTransform['name'], Apply<never>>> = {
  centerCrop: geometry.applyCenterCrop,
  colorJitter: colour.applyColorJitter,
  grayscale: colour.applyGrayscale,
  randAugment: applyRandAugment,
  randomCrop: geometry.applyRandomCrop,
  randomHorizontalFlip: geometry.applyRandomFlip,
  randomResizedCrop: geometry.applyRandomResizedCrop,
  randomVerticalFlip: geometry.applyRandomFlip,
  resize: geometry.applyResize,
  rgb: toRgb
}

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
 * @throws ImageError when a step or an option is unknown, or the steps are in another order.
 * @example
 * const prepare = makePipeline([randomCrop(32, { padding: 4 }), randomHorizontalFlip(), toTensor()])
 * const picture = { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 } as const
 * prepare(picture, new RandomGenerator(0)).shape // [3, 32, 32]
 */
export function makePipeline(transforms: readonly Transform[], name = 'makePipeline'): Pipeline {
  checkArguments('makePipeline', { name }, { name: aString })
  const { steps, pictures, conversion, erasings } = readTransforms(transforms, name)
  const change = inOrder(pictures)
  const write = tensor.toFloats(conversion)
  const prepare = (picture: Picture, generator = defaultGenerator()): Tensor<'float32'> => {
    const changed = change(picture, generator)
    const { width, height, channels } = changed
    const data = allocate('float32', channels * height * width)
    write(changed, data)
    for (const erasing of erasings)
      tensor.eraseRandomly({ data, channels, height, width }, erasing, generator)
    return new Tensor(data, [channels, height, width], 'float32')
  }
  const crop = (picture: Picture, generator = defaultGenerator()): Picture => {
    const changed = change(picture, generator)
    // A resize reuses its output buffer. Not `slice`: a given Buffer's does not copy.
    return { ...changed, data: new Uint8Array(changed.data) }
  }
  return Object.assign(prepare, { crop, transforms: steps })
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

// Photographs of one folder often share a few sizes.
const KEPT = 8

/** Fuses a resize and the centre crop after it, bit for bit: only the remaining pixels are computed, in a buffer that is reused. */
function resizeAndCrop(resize: geometry.Resize, { size }: geometry.CenterCrop): Change {
  const kept = new Map<string, Change>()
  const changeFor = (picture: Picture): Change => {
    const to = geometry.resizedSize(picture, resize)
    const { region, borders } = centerRegion(to, size)
    const resized = resizer(picture, to, region, resize.interpolation)
    return picture => pad(resized(picture), borders, [0])
  }
  return (picture, generator) => {
    const key = [picture.width, picture.height, picture.channels].join()
    const change = kept.get(key) ?? changeFor(picture)
    const [oldest] = kept.keys()
    if (!kept.has(key) && kept.size === KEPT) kept.delete(oldest)
    kept.set(key, change)
    return change(picture, generator)
  }
}

/** Applies a single step. @throws ImageError when it does not fit the picture. */
export function applyTransform(
  picture: Picture,
  transform: PictureTransform,
  generator: RandomGenerator
): Picture {
  const apply = APPLY[transform.name] as Apply<PictureTransform>
  return apply(picture, transform, generator)
}

const aPipeline: Check<Pipeline> = {
  expected: 'a pipeline; makePipeline makes one of steps',
  accepts: value => typeof value === 'function' && 'transforms' in value
}

/**
 * Serialises a pipeline as plain data, for `readPipeline`.
 * @throws OptionError for anything but a pipeline.
 * @example
 * describePipeline(makePipeline([resize([8, 8]), toTensor()]))[0] // { name: 'resize', size: { width: 8, height: 8 } }
 */
export function describePipeline(pipeline: Pipeline): PipelineDescription {
  checkArguments('describePipeline', { pipeline }, { pipeline: aPipeline })
  return structuredClone(pipeline.transforms)
}

/**
 * Validates untrusted data and makes a pipeline of it: unknown steps and options, wrong types, excessive sizes
 * and more work than any preparation takes are rejected.
 * @param path what messages call the data.
 * @throws ImageError with the path in the data, what was expected and what was found.
 * @example
 * const steps = '[{ "name": "resize", "size": 8 }, { "name": "toTensor", "mean": [0.5], "std": [0.25] }]'
 * const prepare = readPipeline(JSON.parse(steps))
 * prepare({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) }).shape // [1, 8, 8]
 */
export function readPipeline(data: unknown, path = 'pipeline'): Pipeline {
  checkArguments('readPipeline', { path }, { path: aString })
  // Which checks whatever it is given.
  return makePipeline(data as PipelineDescription, path)
}
