// Everything that `import … from 'resnet-ts'` offers.
export { tensor, zeros, ones, Tensor, type FloatTensor } from './tensor/tensor.js'
export type { DataOf, DType, DTypeArrays, TensorData } from './tensor/dtype.js'
export { PathError, ResnetError, ShapeError } from './base/errors.js'
export { FileError, type FilePath } from './platform/file.js'
export { toFloat32 } from './tensor/convert.js'
export type { StateDict } from './tensor/state-dict.js'
export { pickPrefix, withoutPrefix } from './tensor/state-dict.js'
export { nearestNames } from './base/nearest-names.js'
export { Generator } from './tensor/random/generator.js'
export { manualSeed, rand, randn, type RandomOptions } from './tensor/random/random.js'

export { input, type Operand } from './ir/operand.js'
export {
  Value,
  type Convolution,
  type MaxPooling,
  type Node,
  type OpName,
  type Ops,
  type Origin,
  type Padding,
  type Pair,
  type StateHolder
} from './ir/ops.js'
export type { Dim, Shape } from './ir/shape.js'
export * from './ir/functional/index.js'
export { GradientError, gradients } from './autodiff/gradients.js'
export { GraphError, type Graph, type Output } from './ir/graph.js'
export { findJoins, type Join } from './ir/joins.js'
export { printGraph } from './ir/text.js'

export { Buffer, Parameter, type Initialiser } from './nn/parameter.js'
export { Module, type LoadOptions } from './nn/module.js'
export { StateDictError, type LoadReport, type ShapeMismatch } from './nn/state-dict.js'
export type { ReprStyle } from './nn/repr.js'
export * from './nn/layers/activation.js'
export * from './nn/layers/batch-norm2d.js'
export * from './nn/layers/cbam.js'
export * from './nn/layers/containers.js'
export * from './nn/layers/conv1d.js'
export * from './nn/layers/conv2d.js'
export * from './nn/layers/dropout.js'
export * from './nn/layers/efficient-channel-attention.js'
export * from './nn/layers/linear.js'
export * from './nn/layers/padded-identity.js'
export * from './nn/layers/pooling.js'
export * from './nn/layers/residual.js'
export * from './nn/layers/sequential.js'
export * from './nn/layers/shaping.js'
export * from './nn/layers/squeeze-excitation.js'
export * from './nn/layers/stochastic-depth.js'
export * from './nn/losses/binary-cross-entropy.js'
export * from './nn/losses/cross-entropy.js'
export type { Loss, TargetForm } from './nn/losses/loss.js'
export * from './nn/losses/mean-squared-error.js'
export * as init from './nn/init.js'
export { residualize, type ResidualizeOptions } from './nn/residualize.js'
export { createFeatureExtractor, FeatureExtractor } from './nn/feature-extractor.js'
export { OutputError } from './nn/output-names.js'
export type { Call } from './nn/record-calls.js'
export { trace, type Trace } from './nn/trace.js'

export * from './models/resnet/cbam-resnet.js'
export * from './models/preact/cifar-preact-resnet.js'
export * from './models/resnet/cifar-resnet.js'
export { modelsFitting } from './models/models-fitting.js'
export { dropBlocks } from './models/resnet/drop-blocks.js'
export * from './models/resnet/eca-resnet.js'
export { plain } from './models/plain.js'
export * from './models/preact/preact-blocks.js'
export * from './models/preact/preact-resnet.js'
export type { PreActBlockKind } from './models/preact/preact-stage.js'
export {
  ResidualBlock,
  type Block,
  type BlockOptions,
  type NormLayer
} from './models/resnet/residual-block.js'
export { buildFor, type BuildForOptions } from './models/build-for.js'
export type { HeadOptions } from './models/fc-classifier.js'
export * from './models/resnet/resnet.js'
export * from './models/resnet/resnet-d.js'
export { deepStem, type Stem } from './models/resnet/resnet-tweaks.js'
export * from './models/resnet/se-resnet.js'
export * from './models/resnet/skip-blocks.js'
export { SKIPS, type Skip } from './models/resnet/skip-names.js'
export { startAsIdentity } from './models/resnet/start-as-identity.js'
export * from './models/resnet/resnet-weights.js'
export * from './models/vgg/vgg.js'
export * from './models/vgg/vgg-weights.js'
export type { Weights } from './models/weights.js'
export { findModel, MODELS, type ModelEntry, type ModelName, type ModelOptions } from './models/registry.js'
export { IMAGENET_CLASSES } from './models/imagenet-classes.js'

export { readWeights, type ReadWeightsOptions } from './weights/read-weights.js'
export { encodeWeights, type EncodeWeightsOptions, type WeightsFormat } from './weights/encode-weights.js'
export { writeWeights, type WriteWeightsOptions } from './weights/write-weights.js'
export { fetchWeights, type DownloadOptions } from './weights/download.js'
export { adaptInputChannels } from './weights/adapt-input-channels.js'
export { WeightsError } from './weights/weights-error.js'

export { readImage, type ReadImageOptions } from './images/read-image.js'
export type { RgbImage } from './images/rgb-image.js'
export type { CanvasPixels, Drawable, PagePixels } from './platform/page-pixels.js'
export {
  imageClassification,
  type ImageClassification,
  type ImageClassificationOptions
} from './images/image-classification.js'
export type { PerChannel } from './images/normalize.js'
export { encodePng, writeImage } from './images/write-image.js'
export { ImageError } from './images/image-error.js'
export type { Picture } from './images/picture.js'

export { colorJitter, type ColorJitter, type ColorJitterOptions } from './images/augment/colour-jitter.js'
export {
  centerCropTo,
  randomCrop,
  type CenterCrop,
  type RandomCrop,
  type RandomCropOptions
} from './images/augment/crop.js'
export type { Range, Size } from './images/augment/check.js'
export type { Borders } from './images/augment/cut-out.js'
export type { Interpolation } from './images/augment/affine.js'
export type { ImageSize } from './images/resize.js'
export { randomErasing, type RandomErasing, type RandomErasingOptions } from './images/augment/erase.js'
export { randomHorizontalFlip, randomVerticalFlip, type RandomFlip } from './images/augment/flip.js'
export { cutmix, mixup, type BatchTransform, type MixOptions } from './images/augment/mix.js'
export {
  makePipeline,
  type PictureTransform,
  type Pipeline,
  type Transform
} from './images/augment/pipeline.js'
export {
  cifarPreset,
  trainingPreset,
  type CifarPresetOptions,
  type TrainingPresetOptions
} from './images/augment/presets.js'
export { randAugment, type RandAugment, type RandAugmentOptions } from './images/augment/rand-augment.js'
export {
  randomResizedCrop,
  type RandomResizedCrop,
  type RandomResizedCropOptions
} from './images/augment/random-resized-crop.js'
export { resizeShorter, resizeTo, type Resize } from './images/augment/resize-picture.js'
export { toTensor, type Statistics, type ToTensor } from './images/augment/to-tensor.js'

export { cifar10, cifar100, type CifarOptions } from './data/cifar.js'
export { concatenate } from './data/concatenate.js'
export type { DataFolder } from './data/data-folder.js'
export { relabel } from './data/relabel.js'
export { DatasetError, subset, type Dataset, type SampleSource } from './data/dataset.js'
export { digits } from './data/digits.js'
export { imageFolder } from './data/image-folder.js'
export { readIdx, type Idx } from './data/idx.js'
export {
  createLoader,
  type EpochOptions,
  type LoadedBatch,
  type Loader,
  type LoaderOptions
} from './data/loader.js'
export type { Order } from './data/epoch-plan.js'
export { fashionMnist, mnist, type MnistOptions } from './data/mnist.js'
export { packedDataset, type PackedPictures } from './data/packed.js'
export { classBalanced, sequential, shuffled } from './data/sampler.js'
export { randomSplit, type Split } from './data/split.js'
export { splitFolders } from './data/split-folders.js'

export { summarize, type Summary, type SummaryRow } from './inspect/summary.js'
export { formatSummary } from './inspect/format-summary.js'
export { countLayers, type LayerCount, type LayerTerm } from './inspect/count-layers.js'
export {
  outlineNetwork,
  type NetworkOutline,
  type OutlineDetour,
  type OutlinePart
} from './inspect/outline.js'
export type { LineRange } from './inspect/printed-lines.js'
export type { Role } from './inspect/diagram/describe.js'
export { DIAGRAM_STYLES, type DiagramStyle, type Theme } from './inspect/diagram/diagram-choices.js'
export { drawDiagram, layoutDiagram, type DiagramOptions } from './inspect/diagram/draw-diagram.js'
export type { DiagramBox, DiagramLabel, DiagramLayout, DiagramLine } from './inspect/diagram/positions.js'
export {
  networkCosts,
  type CostRatios,
  type NetworkComparison,
  type NetworkCosts
} from './inspect/network-costs.js'
export { formatComparison } from './inspect/format-comparison.js'
export type { Latency } from './inspect/latency.js'
export { compareNetworks, type CompareOptions } from './inspect/compare-networks.js'
export { comparisonHtml } from './pages/comparison/comparison-html.js'
export { diagramHtml } from './pages/diagram/diagram-html.js'
export { renderSvg, type RenderOptions } from '#platform'

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
  encodeCheckpoint,
  networkTensors,
  readCheckpoint,
  trainerState,
  writeCheckpoint,
  type BatchLosses,
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
export { NonFiniteError, TrainError, type Breakdown, type NamedGradient } from './train/train-error.js'

export { buildTwins, type TwinOptions } from './explain/flow/build-twins.js'
export * from './explain/flow/compare-gradient-flow.js'
export { gradientFlowPage, type FlowPageOptions } from './pages/gradient-flow/gradient-flow-page.js'
export { readFlow, type FlowReading } from './explain/flow/flow-reading.js'
export type { FlowLayer } from './explain/flow/flow-graph.js'
export type { BranchNorms } from './explain/flow/flow-probe.js'
export {
  recordGradientFlow,
  type FlowMeasurement,
  type FlowProgress,
  type FlowSample,
  type GradientFlow,
  type GradientFlowOptions
} from './explain/flow/gradient-flow.js'

export * from './explain/cam/cam.js'
export type { EigenCamRule } from './explain/cam/eigen-cam.js'
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
export { explainPage, type PageClass, type PageContent } from './pages/explanation/explain-page.js'
export * from './explain/features.js'
export * from './explain/integrated-gradients.js'
export { lastSpatialLayer, spatialLayers, type SpatialLayer } from './explain/layers.js'
export * from './explain/occlusion.js'
export { overlay, type OverlayOptions } from './explain/overlay.js'
export { scoreCam, type ScoreCamOptions } from './explain/cam/score-cam.js'

export { htmlReport } from './pages/report/html-report.js'
export { parseLines, toLine } from './train/metrics-lines.js'
export { progressLine, type ProgressState } from './train/terminal/progress-line.js'
export type { EpochRecord, Metrics, RunReport } from './train/record.js'
export {
  terminalChart,
  type TerminalChartOptions,
  type TerminalSeries
} from './train/terminal/terminal-chart.js'

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
  type Port,
  type Program,
  type RunOptions,
  type Runs
} from './runtime/engine.js'

export { exportOnnx } from './compile/export-onnx.js'
export type { EngineChoice } from './compile/shared-engines.js'
export {
  compile,
  type Compiled,
  type CompiledFeatures,
  type CompiledNetwork,
  type CompileOptions,
  type NetworkOutputs,
  type OutputNames,
  type RunResult
} from './compile/compile.js'
export {
  classifier,
  classifierOn,
  classNames,
  type Classifier,
  type ClassifierOptions,
  type ImageSource,
  type Prediction
} from './networks/classifier.js'
export {
  checkpointClassifier,
  openCheckpoint,
  restoreNetwork,
  type CheckpointClassifierOptions,
  type OpenedCheckpoint
} from './networks/checkpoint-classifier.js'
