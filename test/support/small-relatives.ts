// Small networks of every variant, as this package builds those of the goldens.
import { Bottleneck, ResNet, type Module } from 'resnet-ts'
import {
  CBAMBottleneck,
  cifar_preact_resnet20,
  cifar_resnet14,
  CifarPreActResNet,
  deepStem,
  ECABottleneck,
  PreActBottleneck,
  PreActResNet,
  SEBottleneck
} from 'resnet-ts/models'

const ONCE = [1, 1, 1, 1] as const
const TEN = { numClasses: 10 }

/** By the goldens' names. */
export const SMALL_RELATIVES: Readonly<Record<string, () => Module>> = {
  'se small': () => new ResNet(SEBottleneck, ONCE, TEN),
  'cbam small': () => new ResNet(CBAMBottleneck, ONCE, TEN),
  'eca small': () => new ResNet(ECABottleneck, ONCE, TEN),
  'preact small': () => new PreActResNet(PreActBottleneck, ONCE, TEN),
  'd small': () => new ResNet(Bottleneck, ONCE, { ...TEN, stem: deepStem, avgDown: true }),
  cifar_preact_resnet20: () => cifar_preact_resnet20(),
  cifar_preact_resnet29: () => new CifarPreActResNet(29),
  'cifar_resnet14 half': () => cifar_resnet14({ skip: 'half' }),
  'cifar_resnet14 exclusive-gate': () => cifar_resnet14({ skip: 'exclusive-gate' }),
  'cifar_resnet14 shortcut-gate': () => cifar_resnet14({ skip: 'shortcut-gate' }),
  'cifar_resnet14 conv1x1': () => cifar_resnet14({ skip: 'conv1x1' }),
  'cifar_resnet14 dropout': () => cifar_resnet14({ skip: 'dropout' }),
  'cifar_resnet14 product': () => cifar_resnet14({ skip: 'product' })
}
