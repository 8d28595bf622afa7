// The first layers of residual networks: the paper's; the three 3×3 convolutions of ResNet-C (Bag of Tricks for Image
// Classification, He et al. 2018, arXiv:1812.01187, figure 2); and the widths and poolings that timm has besides. Layouts and
// so keys are timm's.
import { aFunction, checkArguments } from '../../base/options.js'
import { ReLU } from '../../nn/layers/activation.js'
import { BlurPool2d } from '../../nn/layers/blur-pool.js'
import { Sequential } from '../../nn/layers/containers.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { AvgPool2d, MaxPool2d } from '../../nn/layers/pooling.js'
import type { Module } from '../../nn/module/module.js'
import { conv3x3, type NormLayer } from './residual-block.js'

/** Makes the layers before the first normalisation, which halve the image. */
export interface Stem {
  (inChannels: number, normLayer: NormLayer): Module
  /** The channels that they give; default 64. */
  readonly channels?: number
}

/** Makes the layers between the stem and the first stage, which halve the image. */
export type StemPool = (channels: number, normLayer: NormLayer) => Module

/** The paper's stem: a 7×7 convolution. */
export const plainStem: Stem = inChannels =>
  new Conv2d(inChannels, 64, 7, { stride: 2, padding: 3, bias: false })

/**
 * Three 3×3 convolutions with the given channels, the first of which is strided.
 * @param name in messages.
 */
/* @__NO_SIDE_EFFECTS__ */
function threeConvolutions(name: string, first: number, second: number, third: number): Stem {
  const make: Stem = (inChannels, normLayer) => {
    checkArguments(name, { normLayer }, { normLayer: aFunction() })
    return new Sequential(
      conv3x3(inChannels, first, { stride: 2 }),
      normLayer(first),
      new ReLU({ inplace: true }),
      conv3x3(first, second),
      normLayer(second),
      new ReLU({ inplace: true }),
      conv3x3(second, third)
    )
  }
  return Object.assign(make, { channels: third })
}

/** ResNet-C's stem: three 3×3 convolutions with 32, 32 and 64 channels. */
export const deepStem = threeConvolutions('deepStem', 32, 32, 64)

/** The stem of timm's `…t` networks: 3×3 convolutions with 24, 32 and 64 channels. */
export const tieredStem = threeConvolutions('tieredStem', 24, 32, 64)

/** The stem of timm's `…s` networks and of SENet-154: 3×3 convolutions with 64, 64 and 128 channels. */
export const wideStem = threeConvolutions('wideStem', 64, 64, 128)

/** A stem of 3×3 convolutions with 16, 16 and 32 channels, for networks that only test. */
export const smallStem = threeConvolutions('smallStem', 16, 16, 32)

/** The paper's pooling: the largest of 3×3. */
export const maxPool: StemPool = () => new MaxPool2d(3, { stride: 2, padding: 1 })

/** ResNet-RS (Bello et al. 2021, arXiv:2103.07579): a strided 3×3 convolution in place of the pooling. */
export const convPool: StemPool = (channels, normLayer) => {
  checkArguments('convPool', { normLayer }, { normLayer: aFunction() })
  return new Sequential(
    conv3x3(channels, channels, { stride: 2 }),
    normLayer(channels),
    new ReLU({ inplace: true })
  )
}

/** timm's `resnetaa…`: the average of 2×2 in place of the pooling. */
export const averagePool: StemPool = () => new AvgPool2d(2)

/** Zhang 2019, arXiv:1904.11486, equation 4: the largest of 3×3 at each pixel, blurred before it is halved. */
export const maxBlurPool: StemPool = channels =>
  new Sequential(new MaxPool2d(3, { stride: 1, padding: 1 }), new BlurPool2d(channels))

/** ResNet-D: the deep stem, and shortcuts that average before they project. */
export const RESNET_D = { stem: deepStem, avgDown: true } as const

/** As ResNet-D, with timm's tiered stem. */
export const RESNET_T = { stem: tieredStem, avgDown: true } as const
