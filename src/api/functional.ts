/**
 * Tensors and operations on values, the graphs they make, their gradients, and the engines that run them (torch: `torch`, `torch.nn.functional`).
 * @module resnet-ts/functional
 */
export { GradientError, gradients } from '../autodiff/gradients.js'
export { OptionError, PathError, ResnetError, ShapeError } from '../base/errors.js'
export {
  compile,
  type Compiled,
  type CompiledFeatures,
  type CompiledNetwork,
  type CompileOptions,
  type NetworkOutputs,
  type OutputNames,
  type RunResult
} from '../compile/compile.js'
export { exportOnnx } from '../compile/export-onnx.js'
export type { EngineChoice } from '../runtime/engine.js'
export {
  abs,
  add,
  clamp,
  div,
  erf,
  exp,
  gelu,
  heaviside,
  log,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  relu6,
  sigmoid,
  silu,
  sqrt,
  sub,
  tanh
} from '../ir/functional/elementwise.js'
export {
  batchNorm,
  conv2d,
  conv2dWeight,
  convTranspose2d,
  linear,
  matmul,
  type BatchNormOperands,
  type ConvOptions
} from '../ir/functional/linear.js'
export {
  adaptiveAvgPool2d,
  avgPool2d,
  maxPool2d,
  maxPool2dAt,
  maxUnpool2d,
  type MaxPoolOptions,
  type PoolOptions
} from '../ir/functional/pooling.js'
export {
  amax,
  logSoftmax,
  mean,
  softmax,
  sum,
  variance,
  type Reduce,
  type ReductionOptions
} from '../ir/functional/reduction.js'
export {
  cast,
  cat,
  chunk,
  expand,
  flatten,
  pad,
  permute,
  reshape,
  slice,
  squeeze,
  transpose,
  unsqueeze
} from '../ir/functional/shaping.js'
export { GraphError, type Graph, type GraphOutput } from '../ir/graph.js'
export { findJoins, type GraphJoin } from '../ir/joins.js'
export { graphInput, type Operand } from '../ir/operand.js'
export {
  Value,
  type Convolution,
  type MaxPooling,
  type GraphNode,
  type OpName,
  type Ops,
  type ValueOrigin,
  type Padding,
  type Pair,
  type StateHolder
} from '../ir/ops.js'
export type { Dim, Shape } from '../ir/shape.js'
export { printGraph } from '../ir/text.js'
export { createEngine, type EngineOptions } from '../runtime/create-engine.js'
export {
  DEVICES,
  EngineError,
  type Device,
  type DeviceRequest,
  type Engine,
  type EngineState,
  type ExpectedRuns,
  type LoadedProgram,
  type NamedTensors,
  type ProgramPort,
  type Program,
  type RunOptions,
  type StateSlot
} from '../runtime/engine.js'
export { toFloat32 } from '../tensor/convert.js'
export type { DataOf, DType, DTypeArrays, TensorData } from '../tensor/dtype.js'
export { RandomGenerator } from '../tensor/random/generator.js'
export { manualSeed, rand, randn, type RandomOptions } from '../tensor/random/random.js'
export { ones, tensor, Tensor, zeros, type FloatTensor } from '../tensor/tensor.js'
