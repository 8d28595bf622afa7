// torchvision's registry of VGG weights, as data. Columns: file, head of its SHA-256, accuracy@1, accuracy@5.
import { weightsOf } from '../weights.js'

/** torchvision: `VGG11_Weights`. */
export const VGG11_Weights = weightsOf('VGG11_Weights', {
  IMAGENET1K_V1: ['vgg11', '8a719046', 69.02, 88.628]
})

/** torchvision: `VGG11_BN_Weights`. */
export const VGG11_BN_Weights = weightsOf('VGG11_BN_Weights', {
  IMAGENET1K_V1: ['vgg11_bn', '6002323d', 70.37, 89.81]
})

/** torchvision: `VGG13_Weights`. */
export const VGG13_Weights = weightsOf('VGG13_Weights', {
  IMAGENET1K_V1: ['vgg13', '19584684', 69.928, 89.246]
})

/** torchvision: `VGG13_BN_Weights`. */
export const VGG13_BN_Weights = weightsOf('VGG13_BN_Weights', {
  IMAGENET1K_V1: ['vgg13_bn', 'abd245e5', 71.586, 90.374]
})

/** torchvision: `VGG16_Weights`. */
export const VGG16_Weights = weightsOf('VGG16_Weights', {
  IMAGENET1K_V1: ['vgg16', '397923af', 71.592, 90.382]
})

/** torchvision: `VGG16_BN_Weights`. */
export const VGG16_BN_Weights = weightsOf('VGG16_BN_Weights', {
  IMAGENET1K_V1: ['vgg16_bn', '6c64b313', 73.36, 91.516]
})

/** torchvision: `VGG19_Weights`. */
export const VGG19_Weights = weightsOf('VGG19_Weights', {
  IMAGENET1K_V1: ['vgg19', 'dcbb9e9d', 72.376, 90.876]
})

/** torchvision: `VGG19_BN_Weights`. */
export const VGG19_BN_Weights = weightsOf('VGG19_BN_Weights', {
  IMAGENET1K_V1: ['vgg19_bn', 'c79401a0', 74.218, 91.842]
})
