/**
 * Pictures read and written, and what is done to them before a network sees them (torchvision: `transforms`).
 * @module resnet-ts/images
 */
export type { Interpolation } from '../images/augment/affine.js'
export type { ValueRange, PixelSize } from '../images/augment/check.js'
export { colorJitter, type ColorJitter, type ColorJitterOptions } from '../images/augment/colour-jitter.js'
export {
  centerCropTo,
  randomCrop,
  type CenterCrop,
  type RandomCrop,
  type RandomCropOptions
} from '../images/augment/crop.js'
export type { ImageBorders } from '../images/augment/cut-out.js'
export { randomErasing, type RandomErasing, type RandomErasingOptions } from '../images/augment/erase.js'
export { randomHorizontalFlip, randomVerticalFlip, type RandomFlip } from '../images/augment/flip.js'
export { cutmix, mixup, type BatchTransform, type MixOptions } from '../images/augment/mix.js'
export {
  makePipeline,
  type PictureTransform,
  type Pipeline,
  type Transform
} from '../images/augment/pipeline.js'
export {
  cifarPreset,
  trainingPreset,
  type CifarPresetOptions,
  type TrainingPresetOptions
} from '../images/augment/presets.js'
export { randAugment, type RandAugment, type RandAugmentOptions } from '../images/augment/rand-augment.js'
export {
  randomResizedCrop,
  type RandomResizedCrop,
  type RandomResizedCropOptions
} from '../images/augment/random-resized-crop.js'
export { resizeShorter, resize, type Resize } from '../images/augment/resize-picture.js'
export { toTensor, type ChannelStatistics, type ToTensor } from '../images/augment/to-tensor.js'
export {
  imageClassification,
  type ImageClassification,
  type ImageClassificationOptions
} from '../images/image-classification.js'
export { ImageError } from '../images/image-error.js'
export type { PerChannel } from '../images/normalize.js'
export type { Picture } from '../images/picture.js'
export { readImage, type ReadImageOptions } from '../images/read-image.js'
export type { ImageSize } from '../images/resize.js'
export type { RgbImage } from '../images/rgb-image.js'
export { encodePng, writeImage } from '../images/write-image.js'
export type { CanvasPixels, Drawable, PagePixels } from '../platform/page-pixels.js'
