// timm's residual networks with attention (github.com/huggingface/pytorch-image-models, `resnet.py`). Names and keys are
// timm's, which calls every attention `se`.
import { averagePair, blockWith, channelAttention, squeezeTo } from './designed-blocks.js'
import { SEBottleneck } from './relatives.js'
import { BasicBlock, Bottleneck, resnet } from './resnet.js'
import { averagePool, convPool, RESNET_D, RESNET_T, wideStem } from './stems.js'

// Squeeze and excitation (arXiv:1709.01507). timm rounds the squeezed channels to a multiple of 8, which differs from the
// paper's sixteenth where a block has 64 channels.

const RoundedSEBasicBlock = blockWith(BasicBlock, { attention: squeezeTo(1 / 16) })

/** 11,779,624 parameters. */
export const seresnet18 = resnet('seresnet18', RoundedSEBasicBlock, [2, 2, 2, 2])

/** 21,960,416 parameters. */
export const seresnet34 = resnet('seresnet34', RoundedSEBasicBlock, [3, 4, 6, 3])

/** 28,104,720 parameters. */
export const seresnet50t = resnet('seresnet50t', SEBottleneck, [3, 4, 6, 3], RESNET_T)

/** 66,841,080 parameters. */
export const seresnet152d = resnet('seresnet152d', SEBottleneck, [3, 8, 36, 3], RESNET_D)

/** 71,855,096 parameters. */
export const seresnet200d = resnet('seresnet200d', SEBottleneck, [3, 24, 36, 3], RESNET_D)

/** 113,672,760 parameters. */
export const seresnet269d = resnet('seresnet269d', SEBottleneck, [3, 30, 48, 8], RESNET_D)

/** 16,809,512 parameters. */
export const seresnext26d_32x4d = resnet('seresnext26d_32x4d', SEBottleneck, [2, 2, 2, 2], {
  ...RESNET_D,
  groups: 32,
  widthPerGroup: 4
})

/** 16,806,976 parameters. */
export const seresnext26t_32x4d = resnet('seresnext26t_32x4d', SEBottleneck, [2, 2, 2, 2], {
  ...RESNET_T,
  groups: 32,
  widthPerGroup: 4
})

/** 27,559,896 parameters. */
export const seresnext50_32x4d = resnet('seresnext50_32x4d', SEBottleneck, [3, 4, 6, 3], {
  groups: 32,
  widthPerGroup: 4
})

/** 48,955,416 parameters. */
export const seresnext101_32x4d = resnet('seresnext101_32x4d', SEBottleneck, [3, 4, 23, 3], {
  groups: 32,
  widthPerGroup: 4
})

/** 93,569,048 parameters. */
export const seresnext101_32x8d = resnet('seresnext101_32x8d', SEBottleneck, [3, 4, 23, 3], {
  groups: 32,
  widthPerGroup: 8
})

/** 88,232,984 parameters. */
export const seresnext101_64x4d = resnet('seresnext101_64x4d', SEBottleneck, [3, 4, 23, 3], {
  groups: 64,
  widthPerGroup: 4
})

/** 93,588,280 parameters. */
export const seresnext101d_32x8d = resnet('seresnext101d_32x8d', SEBottleneck, [3, 4, 23, 3], {
  ...RESNET_D,
  groups: 32,
  widthPerGroup: 8
})

const AveragedSEBottleneck = blockWith(Bottleneck, { attention: squeezeTo(1 / 16), antiAlias: averagePair })

/** 28,107,256 parameters. */
export const seresnetaa50d = resnet('seresnetaa50d', AveragedSEBottleneck, [3, 4, 6, 3], {
  ...RESNET_D,
  stemPool: averagePool
})

/** 93,588,280 parameters. */
export const seresnextaa101d_32x8d = resnet('seresnextaa101d_32x8d', AveragedSEBottleneck, [3, 4, 23, 3], {
  ...RESNET_D,
  stemPool: averagePool,
  groups: 32,
  widthPerGroup: 8
})

/** 149,394,904 parameters. */
export const seresnextaa201d_32x8d = resnet('seresnextaa201d_32x8d', AveragedSEBottleneck, [3, 24, 36, 4], {
  stem: wideStem,
  avgDown: true,
  stemPool: averagePool,
  groups: 32,
  widthPerGroup: 8
})

// SENet-154, the paper's best: half as wide at the beginning of each block, and 3×3 projections.

const SENetBottleneck = blockWith(Bottleneck, { attention: squeezeTo(1 / 16), reduceFirst: 2 })

/** 115,088,984 parameters. */
export const senet154 = resnet('senet154', SENetBottleneck, [3, 8, 36, 3], {
  stem: wideStem,
  groups: 64,
  widthPerGroup: 4,
  downKernelSize: 3
})

// Efficient channel attention (arXiv:1910.03151).

/** A `Bottleneck` whose F ends in efficient channel attention, under timm's name. */
export const AttentiveBottleneck = blockWith(Bottleneck, { attention: channelAttention })

/** 16,011,916 parameters. */
export const ecaresnet26t = resnet('ecaresnet26t', AttentiveBottleneck, [2, 2, 2, 2], RESNET_T)

/** 25,573,814 parameters. */
export const ecaresnet50t = resnet('ecaresnet50t', AttentiveBottleneck, [3, 4, 6, 3], RESNET_T)

/** 25,576,350 parameters. */
export const ecaresnet50d = resnet('ecaresnet50d', AttentiveBottleneck, [3, 4, 6, 3], RESNET_D)

/** 44,568,563 parameters. */
export const ecaresnet101d = resnet('ecaresnet101d', AttentiveBottleneck, [3, 4, 23, 3], RESNET_D)

/** 64,693,400 parameters. */
export const ecaresnet200d = resnet('ecaresnet200d', AttentiveBottleneck, [3, 24, 36, 3], RESNET_D)

/** 102,093,077 parameters. */
export const ecaresnet269d = resnet('ecaresnet269d', AttentiveBottleneck, [3, 30, 48, 8], RESNET_D)

/** 30,162,046 parameters. */
export const ecaresnetlight = resnet('ecaresnetlight', AttentiveBottleneck, [1, 1, 11, 3], { avgDown: true })

/** 15,406,220 parameters. */
export const ecaresnext26t_32x4d = resnet('ecaresnext26t_32x4d', AttentiveBottleneck, [2, 2, 2, 2], {
  ...RESNET_T,
  groups: 32,
  widthPerGroup: 4
})

/** 25,045,686 parameters. */
export const ecaresnext50t_32x4d = resnet('ecaresnext50t_32x4d', AttentiveBottleneck, [3, 4, 6, 3], {
  ...RESNET_T,
  groups: 32,
  widthPerGroup: 4
})

// Revisiting ResNets: Improved Training and Scaling Strategies (Bello et al. 2021, arXiv:2103.07579): ResNet-D with squeeze and
// excitation by a quarter, and a convolution in place of the pooling.

const QuarterSEBottleneck = blockWith(Bottleneck, { attention: squeezeTo(1 / 4) })

/** 35,691,912 parameters. */
export const resnetrs50 = resnet('resnetrs50', QuarterSEBottleneck, [3, 4, 6, 3], {
  ...RESNET_D,
  stemPool: convPool
})

/** 63,618,696 parameters. */
export const resnetrs101 = resnet('resnetrs101', QuarterSEBottleneck, [3, 4, 23, 3], {
  ...RESNET_D,
  stemPool: convPool
})

/** 86,621,576 parameters. */
export const resnetrs152 = resnet('resnetrs152', QuarterSEBottleneck, [3, 8, 36, 3], {
  ...RESNET_D,
  stemPool: convPool
})

/** 93,209,992 parameters. */
export const resnetrs200 = resnet('resnetrs200', QuarterSEBottleneck, [3, 24, 36, 3], {
  ...RESNET_D,
  stemPool: convPool
})

/** 129,861,448 parameters. */
export const resnetrs270 = resnet('resnetrs270', QuarterSEBottleneck, [4, 29, 53, 4], {
  ...RESNET_D,
  stemPool: convPool
})

/** 163,956,168 parameters. */
export const resnetrs350 = resnet('resnetrs350', QuarterSEBottleneck, [4, 36, 72, 4], {
  ...RESNET_D,
  stemPool: convPool
})

/** 191,891,656 parameters. */
export const resnetrs420 = resnet('resnetrs420', QuarterSEBottleneck, [4, 44, 87, 4], {
  ...RESNET_D,
  stemPool: convPool
})
