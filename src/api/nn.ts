/**
 * Modules and what they are made of: layers, losses, initialisation, tracing (torch: `torch.nn`).
 * @module resnet-ts/nn
 */
export { Value } from '../ir/ops.js'
export type { Shape } from '../ir/shape.js'
export { createFeatureExtractor, FeatureExtractor } from '../nn/trace/feature-extractor.js'
export * as init from '../nn/init.js'
export { GELU, ReLU, Sigmoid, SiLU, Softmax, Tanh } from '../nn/layers/activation.js'
export {
  BatchNorm2d,
  FrozenBatchNorm2d,
  GroupNorm,
  LayerNorm2d,
  Normalisation,
  type BatchNorm2dOptions,
  type GroupNormOptions,
  type LayerNorm2dOptions
} from '../nn/layers/normalisation.js'
export {
  EvoNorm2dS0,
  FilterResponseNormTlu2d,
  type EvoNorm2dS0Options,
  type FilterResponseNormTlu2dOptions
} from '../nn/layers/normalised-activation.js'
export {
  BasicConv,
  CBAM,
  ChannelGate,
  ChannelPool,
  EfficientChannelAttention,
  SpatialGate,
  SqueezeExcitation
} from '../nn/layers/attention.js'
export { ModuleContainer, ModuleDict, ModuleList, Sequential } from '../nn/layers/containers.js'
export { Conv1d, Conv2d, type Conv1dOptions, type Conv2dOptions } from '../nn/layers/convolution.js'
export { Linear } from '../nn/layers/linear.js'
export { Dropout, StochasticDepth } from '../nn/layers/dropout.js'
export { Gated, PaddedIdentity, Residual, type ResidualOptions } from '../nn/layers/residual.js'
export { StdConv2d, type StdConv2dOptions } from '../nn/layers/std-conv.js'
export { BlurPool2d, type BlurPool2dOptions } from '../nn/layers/blur-pool.js'
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from '../nn/layers/pooling.js'
export { Flatten, Identity } from '../nn/layers/shaping.js'
export {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  meanSquaredError,
  type BinaryCrossEntropyOptions,
  type CrossEntropyOptions,
  type Loss,
  type TargetForm
} from '../nn/losses.js'
export { Module, type LoadOptions } from '../nn/module/module.js'
export { OutputError } from '../nn/trace/output-names.js'
export { ModuleBuffer, Parameter, type Initialiser } from '../nn/module/parameter.js'
export { trace, type ModuleCall, type Trace } from '../nn/trace/trace.js'
export type { ReprStyle } from '../nn/module/repr.js'
export { residualize, type ResidualizeOptions } from '../nn/rewrite/residualize.js'
export { StateDictError, type LoadReport, type ShapeMismatch } from '../nn/module/state-dict.js'
export type { StateDict } from '../tensor/state-dict.js'
export { Tensor } from '../tensor/tensor.js'
