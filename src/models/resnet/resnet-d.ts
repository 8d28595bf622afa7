// ResNet-C and ResNet-D of Bag of Tricks for Image Classification (He et al. 2018, arXiv:1812.01187): the same blocks
// behind another stem, and D's shortcuts average before they project. Keys are timm's.
import { BasicBlock, Bottleneck, ResNet, resNetOptions, type ResNetOptions } from './resnet.js'
import { deepStem } from './resnet-tweaks.js'

const D = { stem: deepStem, avgDown: true } as const

/** ResNet-50-C: the deep stem alone. 25,576,264 parameters. */
export function resnet50c(options?: ResNetOptions): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], { stem: deepStem, ...resNetOptions('resnet50c', options) })
}

/** ResNet-18-D (timm: `resnet18d`). 11,708,744 parameters. */
export function resnet18d(options?: ResNetOptions): ResNet {
  return new ResNet(BasicBlock, [2, 2, 2, 2], { ...D, ...resNetOptions('resnet18d', options) })
}

/** ResNet-34-D (timm: `resnet34d`). 21,816,904 parameters. */
export function resnet34d(options?: ResNetOptions): ResNet {
  return new ResNet(BasicBlock, [3, 4, 6, 3], { ...D, ...resNetOptions('resnet34d', options) })
}

/** ResNet-50-D (timm: `resnet50d`). 25,576,264 parameters. */
export function resnet50d(options?: ResNetOptions): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], { ...D, ...resNetOptions('resnet50d', options) })
}

/** ResNet-101-D (timm: `resnet101d`). 44,568,392 parameters. */
export function resnet101d(options?: ResNetOptions): ResNet {
  return new ResNet(Bottleneck, [3, 4, 23, 3], { ...D, ...resNetOptions('resnet101d', options) })
}

/** ResNet-152-D (timm: `resnet152d`). 60,212,040 parameters. */
export function resnet152d(options?: ResNetOptions): ResNet {
  return new ResNet(Bottleneck, [3, 8, 36, 3], { ...D, ...resNetOptions('resnet152d', options) })
}
