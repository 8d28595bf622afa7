/**
 * Networks by name and by family, and networks opened: from weights, from a checkpoint (torchvision: `models`).
 * @module resnet-ts/models
 */
export { buildFor, type BuildForOptions } from '../models/build-for.js'
export { hasHead, type HeadOptions, type WithHead } from '../models/head.js'
export { IMAGENET_CLASSES } from '../models/imagenet-classes.js'
export { SKIPS, type ModelOptions, type Skip } from '../models/model-options.js'
export { modelsFitting } from '../models/models-fitting.js'
export {
  PreActBasicBlock,
  PreActBottleneck,
  type PreActBlockKind,
  type PreActBlockOptions
} from '../models/preact/preact-blocks.js'
export {
  CifarPreActResNet,
  PreActResNet,
  cifar_preact_resnet110,
  cifar_preact_resnet164,
  cifar_preact_resnet20,
  cifar_preact_resnet56,
  preact_resnet101,
  preact_resnet152,
  preact_resnet18,
  preact_resnet34,
  preact_resnet50,
  type CifarPreActResNetOptions,
  type PreActResNetOptions
} from '../models/preact/preact-resnet.js'
export {
  findModel,
  MODEL_GROUPS,
  MODELS,
  type ModelEntry,
  type ModelGroup,
  type ModelName
} from '../models/registry.js'
export {
  cifar_resnet110,
  cifar_resnet14,
  cifar_resnet20,
  cifar_resnet32,
  cifar_resnet44,
  cifar_resnet56,
  cifar_resnet8,
  CifarResNet,
  type CifarResNetOptions
} from '../models/resnet/cifar-resnet.js'
export {
  CBAMBasicBlock,
  CBAMBottleneck,
  ECABasicBlock,
  ECABottleneck,
  SEBasicBlock,
  SEBottleneck,
  cbam_resnet101,
  cbam_resnet18,
  cbam_resnet34,
  cbam_resnet50,
  eca_resnet18,
  eca_resnet50,
  resnet101d,
  resnet152d,
  resnet18d,
  resnet34d,
  resnet50c,
  resnet50d,
  se_resnet101,
  se_resnet152,
  se_resnet18,
  se_resnet34,
  se_resnet50
} from '../models/resnet/relatives.js'
export {
  BasicBlock,
  Bottleneck,
  ResNet,
  resnet101,
  resnet152,
  resnet18,
  resnet34,
  resnet50,
  type ResNetBuilder,
  type ResNetOptions,
  resnext101_32x8d,
  resnext101_64x4d,
  resnext50_32x4d,
  wide_resnet101_2,
  wide_resnet50_2
} from '../models/resnet/resnet.js'
export {
  Bottle2neck,
  res2net50_14w_8s,
  res2net50_26w_4s,
  res2net50_26w_6s,
  res2net50_26w_8s,
  res2net50_48w_2s,
  res2net50d,
  res2net101_26w_4s,
  res2net101d,
  res2next50
} from '../models/resnet/res2net.js'
export {
  ResNestBottleneck,
  type SplitAttentionOptions,
  SplitAttention,
  resnest14d,
  resnest26d,
  resnest50d,
  resnest50d_1s4x24d,
  resnest50d_4s2x40d,
  resnest101e,
  resnest200e,
  resnest269e
} from '../models/resnet/resnest.js'
export { blockWith, type BlockDesign } from '../models/resnet/designed-blocks.js'
export {
  dropBlocks,
  ResidualBlock,
  startAsIdentity,
  type Block,
  type BlockOptions,
  type NormLayer,
  type Shortcut
} from '../models/resnet/residual-block.js'
export { type StageOptions } from '../models/resnet/stages.js'
export {
  averagePool,
  convPool,
  deepStem,
  maxBlurPool,
  tieredStem,
  wideStem,
  type Stem,
  type StemPool
} from '../models/resnet/stems.js'
export {
  resnet10t,
  resnet14t,
  resnet26,
  resnet26d,
  resnet26t,
  resnet50t,
  resnet101c,
  resnet152c,
  resnet50s,
  resnet101s,
  resnet152s,
  resnet200,
  resnet200d,
  resnet50_gn,
  resnext50d_32x4d,
  resnext101_32x4d,
  resnext101_32x16d,
  resnext101_32x32d,
  resnetaa34d,
  resnetaa50,
  resnetaa50d,
  resnetaa101d,
  resnetblur18,
  resnetblur50,
  resnetblur50d,
  resnetblur101d
} from '../models/resnet/timm.js'
export {
  ResNetV2,
  resnetv2_101,
  resnetv2_101d,
  resnetv2_101x1_bit,
  resnetv2_101x3_bit,
  resnetv2_152,
  resnetv2_152d,
  resnetv2_152x2_bit,
  resnetv2_152x4_bit,
  resnetv2_18,
  resnetv2_18d,
  resnetv2_34,
  resnetv2_34d,
  resnetv2_50,
  resnetv2_50d,
  resnetv2_50d_gn,
  resnetv2_50t,
  resnetv2_50x1_bit,
  resnetv2_50x3_bit,
  type ResNetV2Builder,
  type ResNetV2Design,
  type ResNetV2Options
} from '../models/preact/resnetv2.js'
export { ecaresnet101d_pruned, ecaresnet50d_pruned, test_resnet } from '../models/resnet/timm-odd.js'
export {
  seresnet18,
  seresnet34,
  seresnet50t,
  seresnet152d,
  seresnet200d,
  seresnet269d,
  seresnext26d_32x4d,
  seresnext26t_32x4d,
  seresnext50_32x4d,
  seresnext101_32x4d,
  seresnext101_32x8d,
  seresnext101_64x4d,
  seresnext101d_32x8d,
  seresnetaa50d,
  seresnextaa101d_32x8d,
  seresnextaa201d_32x8d,
  senet154,
  ecaresnet26t,
  ecaresnet50t,
  ecaresnet50d,
  ecaresnet101d,
  ecaresnet200d,
  ecaresnet269d,
  ecaresnetlight,
  ecaresnext26t_32x4d,
  ecaresnext50t_32x4d,
  resnetrs50,
  resnetrs101,
  resnetrs152,
  resnetrs200,
  resnetrs270,
  resnetrs350,
  resnetrs420
} from '../models/resnet/timm-attention.js'
export { timmPreset, timmTags, type TimmPresetOptions } from '../models/timm-presets.js'
export type { TimmTag } from '../models/timm-tags.js'
export {
  DropoutBlock,
  ExclusiveGateBlock,
  GateBlock,
  HalfBlock,
  ProductBlock,
  ProjectedBlock,
  ShortcutGateBlock,
  SKIP_BLOCKS,
  type SkipOptions
} from '../models/resnet/skip-blocks.js'
export {
  VGG,
  vgg11,
  vgg11_bn,
  vgg13,
  vgg13_bn,
  vgg16,
  vgg16_bn,
  vgg19,
  vgg19_bn,
  type VGGConfiguration,
  type VGGOptions
} from '../models/vgg/vgg.js'
export {
  ResNet101_Weights,
  ResNet152_Weights,
  ResNet18_Weights,
  ResNet34_Weights,
  ResNet50_Weights,
  ResNeXt101_32X8D_Weights,
  ResNeXt101_64X4D_Weights,
  ResNeXt50_32X4D_Weights,
  Wide_ResNet101_2_Weights,
  Wide_ResNet50_2_Weights,
  VGG11_BN_Weights,
  VGG11_Weights,
  VGG13_BN_Weights,
  VGG13_Weights,
  VGG16_BN_Weights,
  VGG16_Weights,
  VGG19_BN_Weights,
  VGG19_Weights,
  type Weights
} from '../models/weights.js'
export type { NetworkFile, NetworkForm, SavedNetwork } from '../networks/checkpoint.js'
export { NetworkError, type Remedy } from '../networks/network-error.js'
export type { NetworkBuilder, NetworkSource } from '../networks/opening.js'
export { restoreNetwork } from '../networks/open-checkpoint.js'
export { openNetwork } from '../networks/open-network.js'
export type { Assumptions, OpenedNetwork, OpenNetworkOptions } from '../networks/opening.js'
export type { Arithmetic } from '../models/arithmetic.js'
export type { GivenTransforms } from '../networks/prepare.js'
export {
  checkpointClassifier,
  classifier,
  classifierOf,
  classifierOn,
  classNames,
  tellsTwoClasses,
  type Classifier,
  type ClassifierOptions,
  type ClassifyOptions,
  type ImageSource,
  type Prediction,
  type ReadingOfOutputs,
  type RunningOptions
} from '../networks/classifier.js'
export { plainTwin, type PlainOptions, type WithShortcut } from '../nn/rewrite/plain.js'
