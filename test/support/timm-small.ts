// Small networks with one of timm's additions each, by the options that anyone has.
import { AvgPool2d, BasicBlock, Bottleneck, ResNet, type Module } from 'resnet-ts'
import {
  averagePool,
  blockWith,
  convPool,
  deepStem,
  maxBlurPool,
  tieredStem,
  wideStem
} from 'resnet-ts/models'
import { BlurPool2d, EfficientChannelAttention, GroupNorm, SqueezeExcitation } from 'resnet-ts/nn'

const TEN = { numClasses: 10 }
const ONCE = [1, 1, 1, 1] as const
const D = { ...TEN, stem: deepStem, avgDown: true }
const squeezed = (channels: number): Module => new SqueezeExcitation(channels, Math.max(8, channels / 16))
const average = (): Module => new AvgPool2d(2)
const blur = (channels: number): Module => new BlurPool2d(channels)

export const SMALL: Readonly<Record<string, () => Module>> = {
  'tiered stem': () => new ResNet(BasicBlock, ONCE, { ...D, stem: tieredStem }),
  'wide stem': () => new ResNet(BasicBlock, ONCE, { ...TEN, stem: wideStem }),
  se: () => new ResNet(blockWith(BasicBlock, { attention: squeezed }), ONCE, TEN),
  eca: () =>
    new ResNet(
      blockWith(Bottleneck, { attention: channels => new EfficientChannelAttention(channels) }),
      ONCE,
      D
    ),
  'average basic': () =>
    new ResNet(blockWith(BasicBlock, { antiAlias: average }), ONCE, { ...D, stemPool: averagePool }),
  average: () =>
    new ResNet(blockWith(Bottleneck, { antiAlias: average, attention: squeezed }), ONCE, {
      ...TEN,
      stemPool: averagePool
    }),
  'blur basic': () =>
    new ResNet(blockWith(BasicBlock, { antiAlias: blur }), ONCE, { ...TEN, stemPool: maxBlurPool }),
  blur: () => new ResNet(blockWith(Bottleneck, { antiAlias: blur }), ONCE, { ...D, stemPool: maxBlurPool }),
  rs: () =>
    new ResNet(
      blockWith(Bottleneck, { attention: channels => new SqueezeExcitation(channels, channels / 4) }),
      ONCE,
      { ...D, stemPool: convPool }
    ),
  senet: () =>
    new ResNet(blockWith(Bottleneck, { attention: squeezed, reduceFirst: 2 }), ONCE, {
      ...TEN,
      stem: wideStem,
      groups: 64,
      widthPerGroup: 4,
      downKernelSize: 3
    }),
  'group norm': () =>
    new ResNet(Bottleneck, ONCE, { ...TEN, normLayer: channels => new GroupNorm(32, channels) })
}
