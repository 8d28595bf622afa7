// torchvision's registry of ResNet weights, as data. V2 is the newer recipe; `DEFAULT` is the best there is.
// Columns: file, head of its SHA-256, accuracy@1, accuracy@5, and the resize where it is not 256.
import { weightsOf } from '../weights.js'

/** torchvision: `ResNet18_Weights`. */
export const ResNet18_Weights = weightsOf('ResNet18_Weights', {
  IMAGENET1K_V1: ['resnet18', 'f37072fd', 69.758, 89.078]
})

/** torchvision: `ResNet34_Weights`. */
export const ResNet34_Weights = weightsOf('ResNet34_Weights', {
  IMAGENET1K_V1: ['resnet34', 'b627a593', 73.314, 91.42]
})

/** torchvision: `ResNet50_Weights`. */
export const ResNet50_Weights = weightsOf('ResNet50_Weights', {
  IMAGENET1K_V1: ['resnet50', '0676ba61', 76.13, 92.862],
  IMAGENET1K_V2: ['resnet50', '11ad3fa6', 80.858, 95.434, 232]
})

/** torchvision: `ResNet101_Weights`. */
export const ResNet101_Weights = weightsOf('ResNet101_Weights', {
  IMAGENET1K_V1: ['resnet101', '63fe2227', 77.374, 93.546],
  IMAGENET1K_V2: ['resnet101', 'cd907fc2', 81.886, 95.78, 232]
})

/** torchvision: `ResNet152_Weights`. */
export const ResNet152_Weights = weightsOf('ResNet152_Weights', {
  IMAGENET1K_V1: ['resnet152', '394f9c45', 78.312, 94.046],
  IMAGENET1K_V2: ['resnet152', 'f82ba261', 82.284, 96.002, 232]
})

/** torchvision: `ResNeXt50_32X4D_Weights`. */
export const ResNeXt50_32X4D_Weights = weightsOf('ResNeXt50_32X4D_Weights', {
  IMAGENET1K_V1: ['resnext50_32x4d', '7cdf4587', 77.618, 93.698],
  IMAGENET1K_V2: ['resnext50_32x4d', '1a0047aa', 81.198, 95.34, 232]
})

/** torchvision: `ResNeXt101_32X8D_Weights`. */
export const ResNeXt101_32X8D_Weights = weightsOf('ResNeXt101_32X8D_Weights', {
  IMAGENET1K_V1: ['resnext101_32x8d', '8ba56ff5', 79.312, 94.526],
  IMAGENET1K_V2: ['resnext101_32x8d', '110c445d', 82.834, 96.228, 232]
})

/** torchvision: `ResNeXt101_64X4D_Weights`. */
export const ResNeXt101_64X4D_Weights = weightsOf('ResNeXt101_64X4D_Weights', {
  IMAGENET1K_V1: ['resnext101_64x4d', '173b62eb', 83.246, 96.454, 232]
})

/** torchvision: `Wide_ResNet50_2_Weights`. */
export const Wide_ResNet50_2_Weights = weightsOf('Wide_ResNet50_2_Weights', {
  IMAGENET1K_V1: ['wide_resnet50_2', '95faca4d', 78.468, 94.086],
  IMAGENET1K_V2: ['wide_resnet50_2', '9ba9bcbe', 81.602, 95.758, 232]
})

/** torchvision: `Wide_ResNet101_2_Weights`. */
export const Wide_ResNet101_2_Weights = weightsOf('Wide_ResNet101_2_Weights', {
  IMAGENET1K_V1: ['wide_resnet101_2', '32ee1156', 78.848, 94.284],
  IMAGENET1K_V2: ['wide_resnet101_2', 'd733dc28', 82.51, 96.02, 232]
})
