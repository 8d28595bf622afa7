/**
 * What most programs need; everything else is under a subpath, one file each in api/.
 * @module resnet-ts
 */
export { OptionError, ResnetError, ShapeError } from './base/errors.js'
export { compile, type CompiledNetwork, type CompileOptions } from './compile/compile.js'
export { exportOnnx, type ExportOptions } from './compile/inference.js'
export { cifar10 } from './data/cifar.js'
export type { Dataset } from './data/dataset.js'
export { digits } from './data/mnist.js'
export { imageFolder } from './data/image-folder.js'
export { createLoader, type Loader } from './data/loader.js'
export { randomSplit } from './data/sampler.js'
export { gradCam } from './explain/cam/cam.js'
export { readImage } from './images/decode/read-image.js'
export { makePipeline } from './images/pipeline/pipeline.js'
export { randomCrop, randomHorizontalFlip } from './images/steps/geometry.js'
export { toTensor } from './images/steps/to-tensor.js'
export { countLayers } from './inspect/summary/count-layers.js'
export { drawDiagram } from './inspect/diagram/draw-diagram.js'
export { formatSummary, summarize } from './inspect/summary/summary.js'
export { add, relu } from './ir/functional/elementwise.js'
export { Value } from './ir/ops.js'
export type { Shape } from './ir/shape.js'
export { cifar_resnet20, cifar_resnet8 } from './models/resnet/cifar-resnet.js'
export { ResNet18_Weights, ResNet50_Weights } from './models/weights.js'
export {
  BasicBlock,
  Bottleneck,
  ResNet,
  resnet101,
  resnet152,
  resnet18,
  resnet34,
  resnet50,
  resnext50_32x4d,
  wide_resnet50_2,
  type ResNetBuilder,
  type ResNetOptions
} from './models/resnet/resnet.js'
export { checkpointClassifier, classifier, type Classifier, type Prediction } from './networks/classifier.js'
export { openNetwork } from './networks/open-network.js'
export type { OpenedNetwork, OpenNetworkOptions } from './networks/opening.js'
export type { GivenTransforms } from './networks/prepare.js'
export { createFeatureExtractor } from './nn/trace/feature-extractor.js'
export * as init from './nn/init.js'
export { ReLU, Sigmoid } from './nn/layers/activation.js'
export { BatchNorm2d } from './nn/layers/normalisation.js'
export { ModuleList, Sequential } from './nn/layers/containers.js'
export { Conv2d } from './nn/layers/convolution.js'
export { Linear } from './nn/layers/linear.js'
export { Dropout } from './nn/layers/dropout.js'
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from './nn/layers/pooling.js'
export { Gated, Residual } from './nn/layers/residual.js'
export { Flatten, Identity } from './nn/layers/shaping.js'
export { crossEntropy } from './nn/losses.js'
export { Module } from './nn/module/module.js'
export { Parameter } from './nn/module/parameter.js'
export { adamw } from './optim/adam.js'
export type { Optimizer } from './optim/optimizer.js'
export { cosineLr, oneCycleLr } from './optim/schedules.js'
export { sgd } from './optim/sgd.js'
export { progressLine } from './train/terminal/progress-line.js'
export { terminalChart } from './train/terminal/terminal-chart.js'
export { createEngine, type EngineOptions } from './runtime/create-engine.js'
export type { DeviceRequest, Engine } from './runtime/engine.js'
export { RandomGenerator } from './tensor/random/generator.js'
export { manualSeed, rand, randn } from './tensor/random/random.js'
export type { StateDict } from './tensor/state-dict.js'
export { ones, tensor, Tensor, zeros } from './tensor/tensor.js'
export { evaluate } from './train/evaluate.js'
export { fit } from './train/fit.js'
export { createTrainer, type Trainer } from './train/trainer.js'
export { readWeights } from './weights/read-weights.js'
export { writeWeights } from './weights/write-weights.js'
