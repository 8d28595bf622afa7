// What torchvision does to a photograph before a classifier sees it: shorter side to a size, centre crop, normalise
// (torchvision: `transforms._presets.ImageClassification`). Bit for bit, and only the pixels that survive the crop.
import { checkOptions, finiteNumber, listOf, positiveInteger, type Checks } from '../base/options.js'
import type { Tensor } from '../tensor/tensor.js'
import { centerCrop, centerCropPlan } from './center-crop.js'
import { ImageError } from './image-error.js'
import { IMAGENET_MEAN, IMAGENET_STD } from './imagenet-statistics.js'
import { normalization, normalize, type PerChannel } from './normalize.js'
import { resizer, shorterSideSize, type ImageSize, type Resizer } from './resize.js'
import type { RgbImage } from './rgb-image.js'

/** How photographs were prepared when a network was trained. */
export interface ImageClassificationOptions {
  /** The sides of the square a network sees, in pixels. */
  readonly cropSize: number
  /** The shorter side before the crop, in pixels; default 256. */
  readonly resizeSize?: number
  /** Of red, green and blue in 0 … 1; by default ImageNet's. */
  readonly mean?: PerChannel
  /** Standard deviations of red, green and blue in 0 … 1; by default ImageNet's. */
  readonly std?: PerChannel
}

/** Prepares one image. Shape: (H, W, 3) → (3, cropSize, cropSize). */
export interface ImageClassification {
  (image: RgbImage): Tensor<'float32'>
  /** The pixels it keeps of an image, as they are before they become floats. Shape: (cropSize, cropSize, 3). */
  crop(image: RgbImage): RgbImage
  /** Pixels. */
  readonly cropSize: number
  /** Pixels. */
  readonly resizeSize: number
}

const OPTIONS: Checks<Partial<ImageClassificationOptions>> = {
  cropSize: positiveInteger,
  resizeSize: positiveInteger,
  mean: listOf(finiteNumber, 3),
  std: listOf(finiteNumber, 3)
}

// Photographs of one folder often share a few sizes.
const KEPT_RESIZERS = 8

/**
 * Makes a preset (torchvision: `weights.transforms()`).
 * @throws ImageError when a size is not a whole, positive number, or a deviation is zero.
 * @example
 * const prepare = imageClassification({ cropSize: 224, resizeSize: 232 })
 * prepare(await readImage('dog.jpg')).shape // [3, 224, 224]
 */
export function imageClassification(options: Partial<ImageClassificationOptions> = {}): ImageClassification {
  checkOptions('imageClassification', options, OPTIONS, (name, fault) => new ImageError(name, fault))
  const { cropSize = 224, resizeSize = 256, mean = IMAGENET_MEAN, std = IMAGENET_STD } = options
  const statistics = normalization(mean, std)
  const resizers = new Map<string, Resizer>()

  const resizerFor = (from: ImageSize): Resizer => {
    const key = `${from.width}x${from.height}`
    let found = resizers.get(key)
    if (!found) {
      const to = shorterSideSize(from, resizeSize)
      found = resizer(from, to, centerCropPlan(to, { width: cropSize, height: cropSize }).region)
      const [oldest] = resizers.keys()
      if (oldest !== undefined && resizers.size === KEPT_RESIZERS) resizers.delete(oldest)
      resizers.set(key, found)
    }
    return found
  }
  // What the resize gives is the crop already, or smaller than it where the image is: then black is put around it.
  const kept = (image: RgbImage): RgbImage => centerCrop(resizerFor(image)(image), cropSize, cropSize)
  const prepare = (image: RgbImage): Tensor<'float32'> => normalize(kept(image), statistics)
  const crop = (image: RgbImage): RgbImage => {
    const { width, height, data } = kept(image)
    // The resizer writes over its pixels when it is used again.
    return { width, height, data: data.slice() }
  }
  return Object.assign(prepare, { cropSize, resizeSize, crop })
}
