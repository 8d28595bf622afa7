// Mixes each picture, and its label, with its neighbour in the batch.
import { thereAre } from '../../base/figures.js'
import { numberBetween } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { oneHot } from '../../tensor/probabilities.js'
import { formatShape, Tensor } from '../../tensor/tensor.js'
import { ImageError, type Region } from '../picture.js'
import { drawBeta, below } from '../random/draws.js'
import { makeStep, named, probability, type StepOf } from './options.js'

const FIELDS = {
  name: named('mixup', 'cutmix'),
  /** Parameter of Beta(alpha, alpha), from which shares are drawn; default 1, the uniform distribution. */
  // Beyond these, draws are always 0, 1 or ½.
  alpha: checkedBy(numberBetween(1e-3, 1e6)),
  /** Probability that a batch is mixed; default 1, as in the references. */
  p: probability
}

/** A transform made by `mixup` or `cutmix`: plain data, so that it can be sent to a worker. */
export interface BatchTransform extends StepOf<typeof FIELDS> {}

/** Options of `mixup` and `cutmix`. */
export interface MixOptions extends Partial<Pick<BatchTransform, 'alpha' | 'p'>> {}

const readMix = record<BatchTransform>(FIELDS)

/** Pictures and their classes. */
export interface Batch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor<'float32'>
  /** Shape: (N). */
  readonly labels: Int32Array
}

/** Mixed pictures and class probabilities. */
export interface MixedBatch extends Pick<Batch, 'images'> {
  /** Rows that sum to one. Shape: (N, classes). */
  readonly targets: Tensor<'float32'>
}

/**
 * Averages each picture with the previous one (torchvision's references: `RandomMixup`).
 *
 * From mixup: Beyond Empirical Risk Minimization, Zhang et al. 2017, https://arxiv.org/abs/1710.09412
 * @throws ImageError when an option is unknown or out of range.
 */
export function mixup(options: MixOptions = {}): BatchTransform {
  return makeStep(readMix, 'mixup', { name: 'mixup', alpha: 1, p: 1 }, options)
}

/**
 * Pastes a rectangle of the previous picture into each (torchvision's references: `RandomCutmix`).
 *
 * From CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features, Yun et al. 2019,
 * https://arxiv.org/abs/1905.04899
 * @throws ImageError when an option is unknown or out of range.
 */
export function cutmix(options: MixOptions = {}): BatchTransform {
  return makeStep(readMix, 'cutmix', { name: 'cutmix', alpha: 1, p: 1 }, options)
}

/**
 * Mixes a batch in one of several ways, chosen uniformly; without any, only makes labels one-hot
 * (torchvision's references: `RandomChoice([RandomMixup(classes), RandomCutmix(classes)])`).
 *
 * For a single way the draws are torch's. PyTorch difference: torchvision chooses among several by Python's generator.
 * @throws ImageError when the batch is invalid, or a label is out of range.
 */
export function mixBatch(
  batch: Batch,
  classes: number,
  ways: readonly BatchTransform[],
  generator: RandomGenerator
): MixedBatch {
  checkBatch(batch, classes)
  const whole = { images: batch.images, targets: oneHot(batch.labels, classes) }
  if (ways.length === 0) return whole
  const way = ways[ways.length === 1 ? 0 : below(generator, ways.length)]
  // In double precision, unlike in steps of single pictures.
  if (generator.uniform(1)[0] >= way.p) return whole
  const share = drawBeta(generator, way.alpha)
  if (way.name === 'mixup') {
    return {
      images: blendWithPrevious(whole.images, share),
      targets: blendWithPrevious(whole.targets, share)
    }
  }
  const [, , height, width] = batch.images.shape
  const hole = drawHole(width, height, share, generator)
  const kept = 1 - (hole.width * hole.height) / (width * height)
  return { images: pasteOfPrevious(whole.images, hole), targets: blendWithPrevious(whole.targets, kept) }
}

/** Blends each row with the previous one; the first with the last. */
function blendWithPrevious(rows: Tensor<'float32'>, share: number): Tensor<'float32'> {
  const { fround } = Math
  const { data, shape } = rows
  const length = data.length / shape[0]
  const [own, others] = [fround(share), fround(1 - share)]
  const out = new Float32Array(data.length)
  for (let at = 0, before = data.length - length; at < data.length; at++, before++) {
    if (before === data.length) before = 0
    out[at] = fround(data[before] * others) + fround(data[at] * own)
  }
  return new Tensor(out, shape, 'float32')
}

function pasteOfPrevious(images: Tensor<'float32'>, { left, top, width, height }: Region): Tensor<'float32'> {
  const { data, shape } = images
  const [pictures, channels, rows, columns] = shape
  const plane = rows * columns
  const out = data.slice()
  for (let index = 0; index < pictures * channels; index++) {
    const before = (index < channels ? index + (pictures - 1) * channels : index - channels) * plane
    for (let y = top; y < top + height; y++) {
      const at = y * columns + left
      out.set(data.subarray(before + at, before + at + width), index * plane + at)
    }
  }
  return new Tensor(out, shape, 'float32')
}

/** A rectangle of `1 − share` of the area about a random point, clipped to the picture. */
function drawHole(width: number, height: number, share: number, generator: RandomGenerator): Region {
  const x = below(generator, width)
  const y = below(generator, height)
  const half = 0.5 * Math.sqrt(1 - share)
  const [halfWidth, halfHeight] = [Math.trunc(half * width), Math.trunc(half * height)]
  const [left, top] = [Math.max(0, x - halfWidth), Math.max(0, y - halfHeight)]
  return {
    left,
    top,
    width: Math.min(width, x + halfWidth) - left,
    height: Math.min(height, y + halfHeight) - top
  }
}

/** @throws ImageError unless there is one class per picture. */
function checkBatch({ images, labels }: Batch, classes: number): void {
  if (images.shape.length !== 4 || images.shape[0] !== labels.length || images.size === 0) {
    throw new ImageError(
      'mixBatch',
      `images have the shape (N, C, H, W) and N labels, got ${formatShape(images.shape)} and ${labels.length}`
    )
  }
  const wrong = labels.find(label => !(label >= 0 && label < classes))
  if (wrong === undefined) return
  throw new ImageError(
    'mixBatch',
    `${thereAre(classes, 'class', 'classes')}, but a picture has label ${wrong}`
  )
}
