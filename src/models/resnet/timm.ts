// timm's residual networks (github.com/huggingface/pytorch-image-models, `resnet.py`) that are nobody's else: other depths,
// stems and widths, and networks that are smoothed before they halve the image. Names and keys are timm's.
import { GroupNorm } from '../../nn/layers/normalisation.js'
import { averagePair, blockWith, blur } from './designed-blocks.js'
import type { NormLayer } from './residual-block.js'
import { BasicBlock, Bottleneck, resnet } from './resnet.js'
import { averagePool, deepStem, maxBlurPool, RESNET_D, RESNET_T, wideStem } from './stems.js'

const groupNorm: NormLayer = channels => new GroupNorm(32, channels)

// Other depths, and other stems: `c` is deep, `s` deep and wide, `t` tiered.

/** 5,435,488 parameters. */
export const resnet10t = resnet('resnet10t', BasicBlock, [1, 1, 1, 1], RESNET_T)

/** 10,081,632 parameters. */
export const resnet14t = resnet('resnet14t', Bottleneck, [1, 1, 1, 1], RESNET_T)

/** 15,995,176 parameters. */
export const resnet26 = resnet('resnet26', Bottleneck, [2, 2, 2, 2])

/** 16,014,408 parameters. */
export const resnet26d = resnet('resnet26d', Bottleneck, [2, 2, 2, 2], RESNET_D)

/** 16,011,872 parameters. */
export const resnet26t = resnet('resnet26t', Bottleneck, [2, 2, 2, 2], RESNET_T)

/** 25,573,728 parameters. */
export const resnet50t = resnet('resnet50t', Bottleneck, [3, 4, 6, 3], RESNET_T)

/** 44,568,392 parameters. */
export const resnet101c = resnet('resnet101c', Bottleneck, [3, 4, 23, 3], { stem: deepStem })

/** 60,212,040 parameters. */
export const resnet152c = resnet('resnet152c', Bottleneck, [3, 8, 36, 3], { stem: deepStem })

/** 25,680,808 parameters. */
export const resnet50s = resnet('resnet50s', Bottleneck, [3, 4, 6, 3], { stem: wideStem })

/** 44,672,936 parameters. */
export const resnet101s = resnet('resnet101s', Bottleneck, [3, 4, 23, 3], { stem: wideStem })

/** 60,316,584 parameters. */
export const resnet152s = resnet('resnet152s', Bottleneck, [3, 8, 36, 3], { stem: wideStem })

/** 64,673,832 parameters. */
export const resnet200 = resnet('resnet200', Bottleneck, [3, 24, 36, 3])

/** 64,693,064 parameters. */
export const resnet200d = resnet('resnet200d', Bottleneck, [3, 24, 36, 3], RESNET_D)

/** 25,557,032 parameters. */
export const resnet50_gn = resnet('resnet50_gn', Bottleneck, [3, 4, 6, 3], { normLayer: groupNorm })

// ResNeXt with other stems and widths.

/** 25,048,136 parameters. */
export const resnext50d_32x4d = resnet('resnext50d_32x4d', Bottleneck, [3, 4, 6, 3], {
  ...RESNET_D,
  groups: 32,
  widthPerGroup: 4
})

/** 44,177,704 parameters. */
export const resnext101_32x4d = resnet('resnext101_32x4d', Bottleneck, [3, 4, 23, 3], {
  groups: 32,
  widthPerGroup: 4
})

/** 194,026,792 parameters. */
export const resnext101_32x16d = resnet('resnext101_32x16d', Bottleneck, [3, 4, 23, 3], {
  groups: 32,
  widthPerGroup: 16
})

/** 468,530,472 parameters. */
export const resnext101_32x32d = resnet('resnext101_32x32d', Bottleneck, [3, 4, 23, 3], {
  groups: 32,
  widthPerGroup: 32
})

// The image is halved by an average (`aa`) or by a binomial filter (`blur`), not by a strided convolution: Making Convolutional
// Networks Shift-Invariant Again (Zhang 2019, arXiv:1904.11486). Keys are those of the networks without, so that nothing
// but the name of a file tells them apart. Sides of images must be even in every stage (multiples of 32).

const AveragedBasicBlock = blockWith(BasicBlock, { antiAlias: averagePair })
const AveragedBottleneck = blockWith(Bottleneck, { antiAlias: averagePair })

/** 21,816,904 parameters. */
export const resnetaa34d = resnet('resnetaa34d', AveragedBasicBlock, [3, 4, 6, 3], {
  ...RESNET_D,
  stemPool: averagePool
})

/** 25,557,032 parameters. */
export const resnetaa50 = resnet('resnetaa50', AveragedBottleneck, [3, 4, 6, 3], { stemPool: averagePool })

/** 25,576,264 parameters. */
export const resnetaa50d = resnet('resnetaa50d', AveragedBottleneck, [3, 4, 6, 3], {
  ...RESNET_D,
  stemPool: averagePool
})

/** 44,568,392 parameters. */
export const resnetaa101d = resnet('resnetaa101d', AveragedBottleneck, [3, 4, 23, 3], {
  ...RESNET_D,
  stemPool: averagePool
})

const BlurredBasicBlock = blockWith(BasicBlock, { antiAlias: blur })
const BlurredBottleneck = blockWith(Bottleneck, { antiAlias: blur })

/** 11,689,512 parameters. */
export const resnetblur18 = resnet('resnetblur18', BlurredBasicBlock, [2, 2, 2, 2], { stemPool: maxBlurPool })

/** 25,557,032 parameters. */
export const resnetblur50 = resnet('resnetblur50', BlurredBottleneck, [3, 4, 6, 3], { stemPool: maxBlurPool })

/** 25,576,264 parameters. */
export const resnetblur50d = resnet('resnetblur50d', BlurredBottleneck, [3, 4, 6, 3], {
  ...RESNET_D,
  stemPool: maxBlurPool
})

/** 44,568,392 parameters. */
export const resnetblur101d = resnet('resnetblur101d', BlurredBottleneck, [3, 4, 23, 3], {
  ...RESNET_D,
  stemPool: maxBlurPool
})
