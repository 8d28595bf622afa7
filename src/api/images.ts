/**
 * Pictures read and written, and what is done to them before a network sees them (torchvision: `transforms`).
 * @module resnet-ts/images
 */
export { readImage, type ReadImageOptions } from '../images/decode/read-image.js'
export { ImageError, type ImageSize, type Picture } from '../images/picture.js'
export {
  imageClassification,
  cifarPreset,
  trainingPreset,
  type ImageClassification,
  type ImageClassificationOptions,
  type PerChannel,
  type CifarPresetOptions,
  type TrainingPresetOptions
} from '../images/pipeline/presets.js'
export { describePipeline, readPipeline, makePipeline, type Pipeline } from '../images/pipeline/pipeline.js'
export type { PipelineDescription, PictureTransform, Transform } from '../images/pipeline/transforms.js'
export type { Interpolation } from '../images/pixels/affine.js'
export type { Resampling } from '../images/resize/filters.js'
export type { ImageBorders } from '../images/pixels/cut-out.js'
export {
  grayscale,
  rgb,
  colorJitter,
  type Grayscale,
  type Rgb,
  type ColorJitter,
  type ColorJitterOptions
} from '../images/steps/colour.js'
export {
  centerCrop,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  randomResizedCrop,
  resizeShorter,
  resize,
  type CenterCrop,
  type RandomCrop,
  type RandomCropOptions,
  type RandomFlip,
  type RandomResizedCrop,
  type RandomResizedCropOptions,
  type ResizeOptions,
  type Resize
} from '../images/steps/geometry.js'
export { cutmix, mixup, type BatchTransform, type MixOptions } from '../images/steps/mix.js'
export type { ValueRange, PixelSize } from '../images/steps/options.js'
export { randAugment, type RandAugment, type RandAugmentOptions } from '../images/steps/rand-augment.js'
export {
  randomErasing,
  toTensor,
  type RandomErasing,
  type RandomErasingOptions,
  type ChannelOrder,
  type ToTensor,
  type ToTensorOptions
} from '../images/steps/to-tensor.js'
export type { CanvasPixels, Drawable, PagePixels } from '../platform/image.js'
export { encodePng, writeImage } from '../images/image-files.js'
