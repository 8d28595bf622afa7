/**
 * Tensors and operations on values, the graphs they make, their gradients, and the engines that run them (torch: `torch`, `torch.nn.functional`).
 * @module resnet-ts/functional
 */
export { GradientError, gradients } from '../autodiff/gradients.js'
export { MemoryError, OptionError, PathError, ResnetError, ShapeError } from '../base/errors.js'
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
export { exportOnnx, type ExportOptions } from '../compile/inference.js'
export {
  abs,
  adaptiveAvgPool2d,
  add,
  amax,
  avgPool2d,
  batchNorm,
  cast,
  cat,
  chunk,
  clamp,
  conv2d,
  conv2dWeight,
  convTranspose2d,
  div,
  erf,
  exp,
  expand,
  flatten,
  gelu,
  heaviside,
  linear,
  log,
  logSoftmax,
  matmul,
  maximum,
  maxPool2d,
  maxPool2dAt,
  maxUnpool2d,
  mean,
  minimum,
  mul,
  neg,
  pad,
  permute,
  relu,
  relu6,
  reshape,
  sigmoid,
  silu,
  slice,
  softmax,
  sqrt,
  squeeze,
  sub,
  sum,
  tanh,
  transpose,
  unsqueeze,
  variance,
  type BatchNormOperands,
  type ConvOptions,
  type MaxPoolOptions,
  type PoolOptions,
  type Reduce,
  type ReductionOptions
} from '../ir/functional/index.js'
export { GraphError, type Graph, type GraphOutput } from '../ir/graph.js'
export { findJoins, type GraphJoin } from '../ir/joins.js'
export { graphInput, type Operand } from '../ir/operand.js'
export {
  Value,
  type Activation,
  type Blocked,
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
  type EngineChoice,
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
