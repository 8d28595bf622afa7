// Everything that `import … from 'resnet-ts'` offers.
export { tensor, zeros, ones, Tensor, type FloatTensor } from './tensor/tensor.js'
export type { DataOf, DType } from './tensor/dtype.js'
export { PathError, ResnetError, ShapeError } from './tensor/errors.js'
export { FileError } from './platform/file.js'
export { toFloat32 } from './tensor/convert.js'
export type { StateDict } from './tensor/state-dict.js'
export { Generator } from './tensor/generator.js'
export { manualSeed, rand, randn } from './tensor/random.js'

export { input, type Operand } from './ir/operand.js'
export { Value } from './ir/ops.js'
export type { Dim, Shape } from './ir/shape.js'
export * from './ir/functional/index.js'
export { GradientError, gradients } from './autodiff/gradients.js'
export { GraphError, type Graph } from './ir/graph.js'
export { printGraph } from './ir/text.js'

export { Buffer, Parameter } from './nn/parameter.js'
export { Module, type LoadOptions } from './nn/module.js'
export { StateDictError, type LoadReport, type ShapeMismatch } from './nn/state-dict.js'
export type { ReprStyle } from './nn/repr.js'
export * from './nn/layers/activation.js'
export * from './nn/layers/batch-norm2d.js'
export * from './nn/layers/conv2d.js'
export * from './nn/layers/linear.js'
export * from './nn/layers/pooling.js'
export * from './nn/layers/residual.js'
export * from './nn/layers/sequential.js'
export * from './nn/layers/shaping.js'
export * from './nn/losses/binary-cross-entropy.js'
export * from './nn/losses/cross-entropy.js'
export type { Loss, TargetForm } from './nn/losses/loss.js'
export * from './nn/losses/mean-squared-error.js'
export * as init from './nn/init.js'
export { OutputError, trace, type Trace } from './nn/trace.js'

export * from './models/cifar-resnet.js'
export * from './models/resnet.js'
export * from './models/resnet-weights.js'
export * from './models/vgg.js'
export * from './models/vgg-weights.js'
export type { Weights } from './models/weights.js'
export { findModel, MODELS, type ModelEntry, type ModelName, type ModelOptions } from './models/registry.js'
export { IMAGENET_CLASSES } from './models/imagenet-classes.js'

export { readWeights } from './weights/read-weights.js'
export { writeWeights } from './weights/write-weights.js'
export { fetchWeights } from './weights/download.js'
export { WeightsError } from './weights/weights-error.js'

export { readImage } from './images/read-image.js'
export type { RgbImage } from './images/rgb-image.js'
export { writeImage } from './images/write-image.js'
export { imageClassification, type ImageClassificationOptions } from './images/image-classification.js'
export { ImageError } from './images/image-error.js'
export type { Picture } from './images/picture.js'

export { colorJitter } from './images/augment/colour-jitter.js'
export { centerCropTo, randomCrop } from './images/augment/crop.js'
export { randomErasing } from './images/augment/erase.js'
export { randomHorizontalFlip, randomVerticalFlip } from './images/augment/flip.js'
export { cutmix, mixup, type BatchTransform } from './images/augment/mix.js'
export { makePipeline, type Pipeline, type Transform } from './images/augment/pipeline.js'
export { cifarPreset, trainingPreset } from './images/augment/presets.js'
export { randAugment } from './images/augment/rand-augment.js'
export { randomResizedCrop } from './images/augment/random-resized-crop.js'
export { resizeShorter, resizeTo } from './images/augment/resize-picture.js'
export { toTensor } from './images/augment/to-tensor.js'

export { cifar10, cifar100, type CifarOptions } from './data/cifar.js'
export { concatenate } from './data/concatenate.js'
export { relabel } from './data/relabel.js'
export { DatasetError, subset, type Dataset, type SampleSource } from './data/dataset.js'
export { digits } from './data/digits.js'
export { imageFolder } from './data/image-folder.js'
export { readIdx, type Idx } from './data/idx.js'
export { createLoader, type LoadedBatch, type Loader, type LoaderOptions } from './data/loader.js'
export { fashionMnist, mnist } from './data/mnist.js'
export { packedDataset, type PackedPictures } from './data/packed.js'
export { classBalanced, sequential, shuffled } from './data/sampler.js'
export { randomSplit, type Split } from './data/split.js'
export { splitFolders } from './data/split-folders.js'

export { summarize, type Summary, type SummaryRow } from './inspect/summary.js'
export { formatSummary } from './inspect/format-summary.js'
export { countLayers, type LayerCount } from './inspect/count-layers.js'

export * from './optim/adam.js'
export * from './optim/adam-w.js'
export * from './optim/lamb.js'
export * from './optim/lars.js'
export { OptimError } from './optim/optim-error.js'
export type { Optimizer, Update, UpdateContext } from './optim/optimizer.js'
export type { ParameterGroup } from './optim/parameter-groups.js'
export * from './optim/rmsprop.js'
export * from './optim/schedules.js'
export * from './optim/sgd.js'

export * from './train/trainer.js'
export type { TrainerOptions } from './train/trainer-options.js'
export type { TrainerState } from './train/trainer-state.js'
export type { StepResult } from './train/step.js'
export * from './train/fit.js'
export {
  CheckpointError,
  networkTensors,
  readCheckpoint,
  trainerState,
  writeCheckpoint,
  type Checkpoint,
  type CheckpointNetwork,
  type RunProgress
} from './train/checkpoint.js'
export * from './train/evaluate.js'
export { findLearningRate, searchedRate, type LrPoint, type LrRange, type LrSearch } from './train/lr-find.js'
export { DIGITS_CHECKPOINT } from './train/digits-checkpoint.js'
export { freeze } from './train/freeze.js'
export type { Batch } from './train/batch.js'
export type { Evaluated, EvaluateOptions } from './train/evaluator.js'
export { NonFiniteError, TrainError } from './train/train-error.js'

export * from './explain/cam.js'
export { coloured, COLOUR_SCALES, type ColourScale } from './explain/colour-map.js'
export { contactSheet, featureSheet, filterSheet, type SheetOptions } from './explain/contact-sheet.js'
export { ExplainError } from './explain/explain-error.js'
export type {
  Explainer,
  ExplainOptions,
  ExplainRequest,
  Explanation,
  LayerExplainer,
  LayerOptions
} from './explain/explanation.js'
export { explainPage, type PageClass, type PageContent } from './explain/explain-page.js'
export * from './explain/features.js'
export * from './explain/integrated-gradients.js'
export { lastSpatialLayer, spatialLayers, type SpatialLayer } from './explain/layers.js'
export * from './explain/occlusion.js'
export { overlay, type OverlayOptions } from './explain/overlay.js'
export { scoreCam, type ScoreCamOptions } from './explain/score-cam.js'

export { htmlReport } from './report/html-report.js'
export { parseLines, toLine } from './report/metrics-lines.js'
export { progressLine, type ProgressState } from './report/progress-line.js'
export type { EpochRecord, Metrics, RunReport } from './report/record.js'
export { terminalChart } from './report/terminal-chart.js'

export { createEngine, type EngineOptions } from './runtime/create-engine.js'
export {
  DEVICES,
  EngineError,
  type Device,
  type DeviceRequest,
  type Engine,
  type EngineState,
  type StateSlot,
  type LoadedProgram,
  type NamedTensors,
  type Program,
  type RunOptions
} from './runtime/engine.js'

export {
  compile,
  exportOnnx,
  type CompiledNetwork,
  type CompileOptions,
  type NetworkOutputs,
  type OutputNames,
  type RunResult
} from './compile.js'
export {
  classifier,
  type Classifier,
  type ClassifierOptions,
  type ImageSource,
  type Prediction
} from './classifier.js'
export {
  checkpointClassifier,
  restoreNetwork,
  type CheckpointClassifierOptions
} from './checkpoint-classifier.js'
