// Two tweaks of Bag of Tricks for Image Classification (He et al. 2018, arXiv:1812.01187, figure 2): ResNet-C's stem and
// ResNet-D's shortcut. Layouts and so keys are timm's.
import { ReLU } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { AvgPool2d } from '../../nn/layers/pooling.js'
import { Sequential } from '../../nn/layers/sequential.js'
import { Identity } from '../../nn/layers/shaping.js'
import type { Module } from '../../nn/module.js'
import { conv1x1, conv3x3, type NormLayer } from './residual-block.js'

/** Makes the layers before the first normalisation, which halve the image and give it 64 channels. */
export type Stem = (inChannels: number, normLayer: NormLayer) => Module

/** The paper's stem: a 7×7 convolution. */
export const plainStem: Stem = inChannels =>
  new Conv2d(inChannels, 64, 7, { stride: 2, padding: 3, bias: false })

/** ResNet-C's stem: three 3×3 convolutions with 32, 32 and 64 channels. */
export const deepStem: Stem = (inChannels, normLayer) =>
  new Sequential(
    conv3x3(inChannels, 32, { stride: 2 }),
    normLayer(32),
    new ReLU({ inplace: true }),
    conv3x3(32, 32),
    normLayer(32),
    new ReLU({ inplace: true }),
    conv3x3(32, 64)
  )

/** A projection shortcut: strided 1×1 convolution, normalised (option B of the paper). */
export function project(inPlanes: number, outPlanes: number, stride: number, norm: NormLayer): Sequential {
  return new Sequential(conv1x1(inPlanes, outPlanes, { stride }), norm(outPlanes))
}

/** ResNet-D's shortcut: averages before projecting, so that no pixels are skipped. */
export function averageAndProject(
  inPlanes: number,
  outPlanes: number,
  stride: number,
  norm: NormLayer
): Sequential {
  const pool =
    stride === 1 ? new Identity() : new AvgPool2d(2, { stride, ceilMode: true, countIncludePad: false })
  return new Sequential(pool, conv1x1(inPlanes, outPlanes), norm(outPlanes))
}
