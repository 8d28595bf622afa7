// A pipeline as plain data: its steps, checked without what applies them, which a page needs in its workers alone.
import { list, mismatch, propertiesOf, unknownName, type Reader } from '../../base/schema.js'
import { ImageError, type Picture } from '../picture.js'
import * as colour from '../steps/colour.js'
import * as geometry from '../steps/geometry.js'
import { asImageError } from '../steps/options.js'
import { readRandAugment, type RandAugment } from '../steps/rand-augment.js'
import * as tensor from '../steps/to-tensor.js'

/** A step from picture to picture. */
export type PictureTransform =
  | geometry.RandomResizedCrop
  | geometry.Resize
  | geometry.CenterCrop
  | geometry.RandomCrop
  | geometry.RandomFlip
  | colour.ColorJitter
  | RandAugment
  | colour.Grayscale
  | colour.Rgb

/** A step of a pipeline: plain data, so that it can be sent to a worker. */
export type Transform = PictureTransform | tensor.ToTensor | tensor.RandomErasing

/** A pipeline as data: safe to write as JSON, to clone and to send to a worker thread. */
export type PipelineDescription = readonly Transform[]

/** How each step is read from data. */
const STEPS: Readonly<Record<Transform['name'], Reader<Transform>>> = {
  centerCrop: geometry.readCenterCrop,
  colorJitter: colour.readColorJitter,
  grayscale: colour.readGrayscale,
  randAugment: readRandAugment,
  randomCrop: geometry.readRandomCrop,
  randomErasing: tensor.readRandomErasing,
  randomHorizontalFlip: geometry.readFlip,
  randomResizedCrop: geometry.readRandomResizedCrop,
  randomVerticalFlip: geometry.readFlip,
  resize: geometry.readResize,
  rgb: colour.readRgb,
  toTensor: tensor.readToTensor
}
const MOST_STEPS = 64

const readSteps = list<Transform>(
  (value, path) => {
    const name = propertiesOf(value, path).get('name')
    if (isStep(name)) return STEPS[name](value, path)
    if (typeof name !== 'string') throw mismatch(`${path}.name`, 'the name of a step', name)
    throw unknownName(`${path}.name`, 'step', name, Object.keys(STEPS))
  },
  1,
  MOST_STEPS
)

function isStep(name: unknown): name is Transform['name'] {
  return typeof name === 'string' && Object.hasOwn(STEPS, name)
}

/** The steps of a pipeline, by what they work on. */
export interface OrderedTransforms {
  readonly steps: readonly Transform[]
  readonly pictures: readonly PictureTransform[]
  readonly conversion: tensor.ToTensor
  readonly erasings: readonly tensor.RandomErasing[]
}

/** A picture without its pixels. */
export type PictureForm = Omit<Picture, 'data'>

/** What a step makes of a picture, by arithmetic alone. */
export function formAfter(from: PictureForm, step: PictureTransform): PictureForm {
  switch (step.name) {
    case 'resize':
      return { ...geometry.resizedSize(from, step), channels: from.channels }
    case 'centerCrop':
    case 'randomCrop':
    case 'randomResizedCrop':
      return { ...step.size, channels: from.channels }
    case 'grayscale':
      return { ...from, channels: step.numOutputChannels }
    case 'rgb':
      return { ...from, channels: 3 }
    case 'colorJitter':
    case 'randAugment':
    case 'randomHorizontalFlip':
    case 'randomVerticalFlip':
      return from
  }
}

export const ONE_PIXEL: PictureForm = { width: 1, height: 1, channels: 3 }

// A second or two of work; eight passes over the largest size.
const MOST_PIXELS = 2 ** 27

/** @throws ImageError when a file's few steps would keep a processor busy for minutes. */
function assertAffordable(steps: readonly PictureTransform[], name: string): void {
  let form = ONE_PIXEL
  let pixels = 0
  for (const step of steps) {
    form = formAfter(form, step)
    pixels += form.width * form.height * passesOf(step)
  }
  if (pixels <= MOST_PIXELS) return
  throw new ImageError(
    name,
    `its steps go over ${pixels} pixels for each picture, at most ${MOST_PIXELS} are allowed`
  )
}

function passesOf(step: PictureTransform): number {
  if (step.name === 'randAugment') return step.numOps
  return step.name === 'colorJitter' ? 4 : 1
}

/**
 * Checks and copies the steps of a pipeline: those of pictures, `toTensor`, then those of tensors.
 * @param name what messages call it.
 * @throws ImageError when a step or an option is unknown, the steps are in another order, or too much work.
 */
export function readTransforms(transforms: unknown, name: string): OrderedTransforms {
  const steps = asImageError(() => readSteps(transforms, name))
  const at = steps.findIndex(({ name }) => name === 'toTensor')
  const pictures = steps
    .slice(0, at)
    .filter(step => step.name !== 'toTensor' && step.name !== 'randomErasing')
  const erasings = steps.slice(at + 1).filter(step => step.name === 'randomErasing')
  const conversion = steps[at]
  if (conversion?.name === 'toTensor' && pictures.length + 1 + erasings.length === steps.length) {
    assertAffordable(pictures, name)
    return { steps, pictures, conversion, erasings }
  }
  const order = steps.map(({ name }) => name).join(', ')
  throw new ImageError(
    name,
    `expected steps of pictures first, then one toTensor, then randomErasing, got ${order}`
  )
}
