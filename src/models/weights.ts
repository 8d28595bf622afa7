// torchvision's published weights: address, preparation of images, accuracy. Presets belong to weights, not models: V2, the
// newer recipe, resizes differently. `DEFAULT` is the best there is.
import type { ImageClassificationOptions } from '../images/pipeline/presets.js'

/** One published set of weights (torchvision: a member of a `WeightsEnum`). */
export interface Weights {
  /** `ResNet50_Weights.IMAGENET1K_V2` */
  readonly name: string
  readonly url: string
  /** The first eight hex digits of the file's SHA-256. */
  readonly sha256Prefix: string
  /** The preparation of images. */
  readonly transforms: ImageClassificationOptions
  /** Accuracy in percent on ImageNet-1K's validation set, centre crop. */
  readonly accuracy: { readonly top1: number; readonly top5: number }
}

/** The head of the file's SHA-256, the accuracies, and the resize where it is not 256. */
type Row = readonly [sha256Prefix: string, top1: number, top5: number, resizeSize?: number]

/** A model's published weights by name; `DEFAULT` is the last, the best. The files are called as the model. */
function weightsOf<const K extends string>(
  name: string,
  rows: Readonly<Record<K, Row>>
): Readonly<Record<K | 'DEFAULT', Weights>> {
  const model = name.replace('_Weights', '').toLowerCase()
  const members: Record<string, Weights> = {}
  for (const [member, [sha256Prefix, top1, top5, resizeSize = 256]] of Object.entries<Row>(rows)) {
    members[member] = {
      name: `${name}.${member}`,
      url: `https://download.pytorch.org/models/${model}-${sha256Prefix}.pth`,
      sha256Prefix,
      transforms: { cropSize: 224, resizeSize },
      accuracy: { top1, top5 }
    }
  }
  const best = Object.values(members).at(-1)
  return Object.freeze({ ...members, DEFAULT: best } as Record<K | 'DEFAULT', Weights>)
}

/** torchvision: `ResNet18_Weights`. */
export const ResNet18_Weights = weightsOf('ResNet18_Weights', { IMAGENET1K_V1: ['f37072fd', 69.758, 89.078] })

/** torchvision: `ResNet34_Weights`. */
export const ResNet34_Weights = weightsOf('ResNet34_Weights', { IMAGENET1K_V1: ['b627a593', 73.314, 91.42] })

/** torchvision: `ResNet50_Weights`. */
export const ResNet50_Weights = weightsOf('ResNet50_Weights', {
  IMAGENET1K_V1: ['0676ba61', 76.13, 92.862],
  IMAGENET1K_V2: ['11ad3fa6', 80.858, 95.434, 232]
})

/** torchvision: `ResNet101_Weights`. */
export const ResNet101_Weights = weightsOf('ResNet101_Weights', {
  IMAGENET1K_V1: ['63fe2227', 77.374, 93.546],
  IMAGENET1K_V2: ['cd907fc2', 81.886, 95.78, 232]
})

/** torchvision: `ResNet152_Weights`. */
export const ResNet152_Weights = weightsOf('ResNet152_Weights', {
  IMAGENET1K_V1: ['394f9c45', 78.312, 94.046],
  IMAGENET1K_V2: ['f82ba261', 82.284, 96.002, 232]
})

/** torchvision: `ResNeXt50_32X4D_Weights`. */
export const ResNeXt50_32X4D_Weights = weightsOf('ResNeXt50_32X4D_Weights', {
  IMAGENET1K_V1: ['7cdf4587', 77.618, 93.698],
  IMAGENET1K_V2: ['1a0047aa', 81.198, 95.34, 232]
})

/** torchvision: `ResNeXt101_32X8D_Weights`. */
export const ResNeXt101_32X8D_Weights = weightsOf('ResNeXt101_32X8D_Weights', {
  IMAGENET1K_V1: ['8ba56ff5', 79.312, 94.526],
  IMAGENET1K_V2: ['110c445d', 82.834, 96.228, 232]
})

/** torchvision: `ResNeXt101_64X4D_Weights`. */
export const ResNeXt101_64X4D_Weights = weightsOf('ResNeXt101_64X4D_Weights', {
  IMAGENET1K_V1: ['173b62eb', 83.246, 96.454, 232]
})

/** torchvision: `Wide_ResNet50_2_Weights`. */
export const Wide_ResNet50_2_Weights = weightsOf('Wide_ResNet50_2_Weights', {
  IMAGENET1K_V1: ['95faca4d', 78.468, 94.086],
  IMAGENET1K_V2: ['9ba9bcbe', 81.602, 95.758, 232]
})

/** torchvision: `Wide_ResNet101_2_Weights`. */
export const Wide_ResNet101_2_Weights = weightsOf('Wide_ResNet101_2_Weights', {
  IMAGENET1K_V1: ['32ee1156', 78.848, 94.284],
  IMAGENET1K_V2: ['d733dc28', 82.51, 96.02, 232]
})

/** torchvision: `VGG11_Weights`. */
export const VGG11_Weights = weightsOf('VGG11_Weights', { IMAGENET1K_V1: ['8a719046', 69.02, 88.628] })

/** torchvision: `VGG11_BN_Weights`. */
export const VGG11_BN_Weights = weightsOf('VGG11_BN_Weights', { IMAGENET1K_V1: ['6002323d', 70.37, 89.81] })

/** torchvision: `VGG13_Weights`. */
export const VGG13_Weights = weightsOf('VGG13_Weights', { IMAGENET1K_V1: ['19584684', 69.928, 89.246] })

/** torchvision: `VGG13_BN_Weights`. */
export const VGG13_BN_Weights = weightsOf('VGG13_BN_Weights', { IMAGENET1K_V1: ['abd245e5', 71.586, 90.374] })

/** torchvision: `VGG16_Weights`. */
export const VGG16_Weights = weightsOf('VGG16_Weights', { IMAGENET1K_V1: ['397923af', 71.592, 90.382] })

/** torchvision: `VGG16_BN_Weights`. */
export const VGG16_BN_Weights = weightsOf('VGG16_BN_Weights', { IMAGENET1K_V1: ['6c64b313', 73.36, 91.516] })

/** torchvision: `VGG19_Weights`. */
export const VGG19_Weights = weightsOf('VGG19_Weights', { IMAGENET1K_V1: ['dcbb9e9d', 72.376, 90.876] })

/** torchvision: `VGG19_BN_Weights`. */
export const VGG19_BN_Weights = weightsOf('VGG19_BN_Weights', { IMAGENET1K_V1: ['c79401a0', 74.218, 91.842] })
