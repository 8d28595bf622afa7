// torchvision's inference preset, bit for bit (`transforms._presets.ImageClassification`).
import { oneOf } from '../../base/options.js'
import { checkedBy, list, optional, record } from '../../base/schema.js'
import { rgb } from '../steps/channels.js'
import { centerCrop } from '../steps/crop.js'
import { makeStep, deviation, side, value } from '../steps/options.js'
import { resizeShorter } from '../steps/resize.js'
import { toTensor, type ChannelOrder } from '../steps/to-tensor.js'
import { makePipeline, type Pipeline } from './pipeline.js'

/** One number each for red, green and blue. */
export type PerChannel = readonly [red: number, green: number, blue: number]

/** ImageNet's channel statistics, in 0 … 1. */
export const IMAGENET_MEAN: PerChannel = [0.485, 0.456, 0.406]
export const IMAGENET_STD: PerChannel = [0.229, 0.224, 0.225]

/** Options of `imageClassification`. */
export interface ImageClassificationOptions {
  /** Sides of the network's square input, in pixels. */
  readonly cropSize: number
  /** The shorter side before the crop, in pixels; default 256. */
  readonly resizeSize?: number
  /** Mean of each channel in 0 … 1; default ImageNet's. */
  readonly mean?: PerChannel
  /** Standard deviation of each channel in 0 … 1; default ImageNet's. */
  readonly std?: PerChannel
  /** The network's channel order, also of `mean` and `std`; default 'rgb'. */
  readonly channelOrder?: ChannelOrder
}

/** A pipeline for photographs. Shape: (H, W, channels) → (3, cropSize, cropSize). */
export interface ImageClassification extends Pipeline {
  /** Pixels. */
  readonly cropSize: number
  /** Pixels. */
  readonly resizeSize: number
}

interface Settings {
  readonly cropSize: number
  readonly resizeSize: number
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly channelOrder?: ChannelOrder
}

const readSettings = record<Settings>({
  cropSize: side,
  resizeSize: side,
  mean: list(value, 3),
  std: list(deviation, 3),
  channelOrder: optional(checkedBy(oneOf('rgb', 'bgr')))
})

const DEFAULTS: Settings = { cropSize: 224, resizeSize: 256, mean: IMAGENET_MEAN, std: IMAGENET_STD }

/**
 * Makes a preset (torchvision: `weights.transforms()`).
 * @throws ImageError when an option is unknown or out of range.
 * @example
 * const prepare = imageClassification({ cropSize: 224, resizeSize: 232 })
 * prepare(await readImage('dog.jpg')).shape // [3, 224, 224]
 */
export function imageClassification(options: Partial<ImageClassificationOptions> = {}): ImageClassification {
  const settings = makeStep(readSettings, 'imageClassification', DEFAULTS, options)
  const { cropSize, resizeSize, ...statistics } = settings
  const pipeline = makePipeline([
    rgb(),
    resizeShorter(resizeSize),
    centerCrop(cropSize),
    toTensor(statistics)
  ])
  return Object.assign(pipeline, { cropSize, resizeSize })
}
