/**
 * Pictures read and written, and what is done to them before a network sees them (torchvision: `transforms`).
 * @module resnet-ts/images
 */
export { readImage, type ReadImageOptions } from '../images/decode/read-image.js'
export { ImageError, type ImageSize, type Picture } from '../images/picture.js'
export {
  imageClassification,
  type ImageClassification,
  type ImageClassificationOptions,
  type PerChannel
} from '../images/pipeline/image-classification.js'
export { describePipeline, readPipeline, type PipelineDescription } from '../images/pipeline/pipeline-data.js'
export {
  makePipeline,
  type PictureTransform,
  type Pipeline,
  type Transform
} from '../images/pipeline/pipeline.js'
export {
  cifarPreset,
  trainingPreset,
  type CifarPresetOptions,
  type TrainingPresetOptions
} from '../images/pipeline/presets.js'
export type { Interpolation } from '../images/pixels/affine.js'
export type { ImageBorders } from '../images/pixels/cut-out.js'
export { grayscale, rgb, type Grayscale, type Rgb } from '../images/steps/channels.js'
export { colorJitter, type ColorJitter, type ColorJitterOptions } from '../images/steps/color-jitter.js'
export {
  centerCrop,
  randomCrop,
  type CenterCrop,
  type RandomCrop,
  type RandomCropOptions
} from '../images/steps/crop.js'
export { randomHorizontalFlip, randomVerticalFlip, type RandomFlip } from '../images/steps/flip.js'
export { cutmix, mixup, type BatchTransform, type MixOptions } from '../images/steps/mix.js'
export type { ValueRange, PixelSize } from '../images/steps/options.js'
export { randAugment, type RandAugment, type RandAugmentOptions } from '../images/steps/rand-augment.js'
export {
  randomErasing,
  type RandomErasing,
  type RandomErasingOptions
} from '../images/steps/random-erasing.js'
export {
  randomResizedCrop,
  type RandomResizedCrop,
  type RandomResizedCropOptions
} from '../images/steps/random-resized-crop.js'
export { resizeShorter, resize, type Resize } from '../images/steps/resize.js'
export {
  toTensor,
  type ChannelOrder,
  type ToTensor,
  type ToTensorOptions
} from '../images/steps/to-tensor.js'
export { encodePng, writeImage } from '../images/write-image.js'
export type { CanvasPixels, Drawable, PagePixels } from '../platform/image.js'
