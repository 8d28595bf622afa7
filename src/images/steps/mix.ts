// Batches in which each picture is mixed with its neighbour, and so are their labels.
import { numberBetween, oneOf } from '../../base/options.js'
import { checkedBy, record } from '../../base/schema.js'
import type { RandomGenerator } from '../../tensor/random/generator.js'
import { oneHot } from '../../tensor/probabilities.js'
import { formatShape, Tensor } from '../../tensor/tensor.js'
import { ImageError, type Region } from '../picture.js'
import { drawBeta } from '../random/beta.js'
import { below } from '../random/draws.js'
import { makeStep, probability } from './options.js'

/** What `mixup` and `cutmix` make: plain data, so that it can cross to a worker thread. */
export interface BatchTransform {
  readonly name: 'mixup' | 'cutmix'
  readonly alpha: number
  readonly p: number
}

/** How much is mixed. */
export interface MixOptions {
  /** Of the Beta(alpha, alpha) that shares are drawn from: small for little mixing; default 1, all shares alike. */
  readonly alpha?: number
  /** How likely a batch is mixed at all; default 1, as the references train. */
  readonly p?: number
}

/** Pictures and the class of each. */
export interface Batch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor<'float32'>
  /** Shape: (N). */
  readonly labels: Int32Array
}

/** Pictures and how much of each class is in them. */
export interface MixedBatch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor<'float32'>
  /** Rows that sum to one. Shape: (N, classes). */
  readonly targets: Tensor<'float32'>
}

const readMix = record<BatchTransform>({
  name: checkedBy(oneOf('mixup', 'cutmix')),
  // Beyond these a draw is 0, 1 or a half.
  alpha: checkedBy(numberBetween(1e-3, 1e6)),
  p: probability
})

/**
 * Each picture becomes a mean of itself and the one before it (torchvision's references: `RandomMixup`).
 *
 * From mixup: Beyond Empirical Risk Minimization, Zhang et al. 2017, https://arxiv.org/abs/1710.09412
 * @throws ImageError when an option is unknown or out of range.
 */
export function mixup(options: MixOptions = {}): BatchTransform {
  return makeStep(readMix, 'mixup', { name: 'mixup', alpha: 1, p: 1 }, options)
}

/**
 * Each picture is given a rectangle of the one before it (torchvision's references: `RandomCutmix`).
 *
 * From CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features, Yun et al. 2019,
 * https://arxiv.org/abs/1905.04899
 * @throws ImageError when an option is unknown or out of range.
 */
export function cutmix(options: MixOptions = {}): BatchTransform {
  return makeStep(readMix, 'cutmix', { name: 'cutmix', alpha: 1, p: 1 }, options)
}

/**
 * Mixes a batch in one way of several, all equally likely; with no way it only spreads labels over classes
 * (torchvision's references: `RandomChoice([RandomMixup(classes), RandomCutmix(classes)])`).
 *
 * For a single way the draws are torch's. PyTorch difference: among several, torchvision chooses by Python's generator.
 * @throws ImageError when the batch is not one, or a label is not that of a class.
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
  // Compared in double precision, unlike in the steps of single pictures.
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

/** Rows times `share` and, for the rest, the row before; before the first row stands the last. */
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

/** A rectangle of `1 − share` of the area about a random point, less what of it lies outside. */
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

/** @throws ImageError when there is not a class for every picture. */
function checkBatch({ images, labels }: Batch, classes: number): void {
  if (images.shape.length !== 4 || images.shape[0] !== labels.length || images.size === 0) {
    throw new ImageError(
      'mixBatch',
      `images have the shape (N, C, H, W) and N labels, got ${formatShape(images.shape)} and ${labels.length}`
    )
  }
  const wrong = labels.find(label => !(label >= 0 && label < classes))
  if (wrong === undefined) return
  throw new ImageError('mixBatch', `there are ${classes} classes, but a picture has label ${wrong}`)
}
