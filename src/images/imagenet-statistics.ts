// What torchvision's networks are fed by: the statistics of ImageNet's photographs, in 0 … 1.
import type { PerChannel } from './steps/normalize.js'

export const IMAGENET_MEAN: PerChannel = [0.485, 0.456, 0.406]
export const IMAGENET_STD: PerChannel = [0.229, 0.224, 0.225]
