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
export * as init from './nn/init.js'
export { OutputError, trace, type Trace } from './nn/trace.js'

export * from './models/resnet.js'
export * from './models/resnet-weights.js'
export * from './models/vgg.js'
export * from './models/vgg-weights.js'
export type { Weights } from './models/weights.js'
export { findModel, MODELS, type ModelEntry, type ModelName } from './models/registry.js'
export { IMAGENET_CLASSES } from './models/imagenet-classes.js'

export { readWeights } from './weights/read-weights.js'
export { writeWeights } from './weights/write-weights.js'
export { fetchWeights } from './weights/download.js'
export { WeightsError } from './weights/weights-error.js'

export { readImage } from './images/read-image.js'
export type { RgbImage } from './images/rgb-image.js'
export { imageClassification, type ImageClassificationOptions } from './images/image-classification.js'
export { ImageError } from './images/image-error.js'

export { summarize, type Summary, type SummaryRow } from './inspect/summary.js'
export { formatSummary } from './inspect/format-summary.js'
export { countLayers, type LayerCount } from './inspect/count-layers.js'

export { createEngine, type EngineOptions } from './runtime/create-engine.js'
export {
  DEVICES,
  EngineError,
  type Device,
  type DeviceRequest,
  type Engine,
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
