// Runs a graph's ONNX model in this thread, for tests of small graphs.
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import type { Graph } from '../../ir/graph.js'
import { toFloat64, type Float64Tensor } from '../../ir/testing/float64-tensor.js'
import type { DType } from '../../tensor/dtype.js'
import { Tensor } from '../../tensor/tensor.js'
import { encodeOnnx } from '../encode.js'
import type { Opset } from '../opsets.js'

// Errors are thrown; warnings about a test's unusual graphs are irrelevant.
env.logLevel = 'fatal'

// The element types for which ONNX Runtime uses the same names and typed arrays.
const HANDED_OUT = [
  'float32',
  'float64',
  'float16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool'
] as const
type HandedOut = (typeof HANDED_OUT)[number]

/** Computes a graph's outputs with ONNX Runtime, widened to float64. */
export async function runOnnx(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>,
  opset?: Opset
): Promise<Record<string, Float64Tensor>> {
  const session = await InferenceSession.create(encodeOnnx(graph, 'test', { opset }), {
    intraOpNumThreads: 1,
    logSeverityLevel: 4
  })
  try {
    const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toOrt(tensor)] as const)
    const results = await session.run(Object.fromEntries(feeds))
    return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, fromOrt(result)]))
  } finally {
    await session.release()
  }
}

function toOrt({ data, shape, dtype }: Tensor): OrtTensor {
  if (dtype === 'bfloat16') throw new TypeError('ONNX Runtime does not accept bfloat16 from JavaScript')
  return new OrtTensor(dtype, data as OrtTensor['data'], shape)
}

function fromOrt({ type, data, dims }: OrtTensor): Float64Tensor {
  if (!isHandedOut(type)) throw new TypeError(`an output is of type ${type}, which tests cannot read`)
  return toFloat64(new Tensor<DType>(data as Tensor['data'], dims, type))
}

function isHandedOut(type: string): type is HandedOut {
  return HANDED_OUT.some(name => name === type)
}
