// A graph as an ONNX model: nodes by `lower`, weights as raw data, the batch as a symbol.
// Two forms: one self-contained file, or a small model beside one block of weights that an engine takes without
// a detour through protobuf (a hundred megabytes inside a message are copied at every level of nesting).
import { create, toBinary } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  type NodeProto,
  type TensorProto
} from 'onnx-buf'
import type { Graph } from '../ir/graph.js'
import type { StateHolder, Value } from '../ir/ops.js'
import { bytesOf, itemSize } from '../tensor/dtype.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'
import { lower, type Emitter } from './lower.js'
import { externalTensorProto, nodeProto, tensorProto, valueInfoProto } from './proto.js'

/** The operator set the lowerings are written for (ONNX 1.15). */
export const OPSET = 20
const IR_VERSION = 9n

/** A model whose larger weights lie outside it. */
export interface SplitModel {
  readonly onnx: Uint8Array<ArrayBuffer>
  /** All large weights, one after the other, under the name the model calls them by; empty where all are small. */
  readonly weights: readonly { readonly name: string; readonly data: Uint8Array<ArrayBuffer> }[]
}

const WEIGHTS_FILE = 'weights'
// Smaller ones (shapes, axes, scalars) stay inside: shape inference has to see them.
const SMALLEST_OUTSIDE = 1024
const ALIGNMENT = 64

/**
 * Encodes a graph as one ONNX `ModelProto` that any runtime opens.
 * @param name the graph's name inside the file.
 */
export function encodeOnnx(graph: Graph, name: string): Uint8Array<ArrayBuffer> {
  return encode(graph, name, (key, holder) => tensorProto(key, holder.data))
}

/** Encodes a graph with its weights apart, for an engine that is given both. */
export function encodeSplit(graph: Graph, name: string): SplitModel {
  const outside: { readonly offset: number; readonly holder: StateHolder }[] = []
  let size = 0
  const onnx = encode(graph, name, (key, holder) => {
    const bytes = sizeOf(holder.shape) * itemSize(holder.dtype)
    if (bytes < SMALLEST_OUTSIDE) return tensorProto(key, holder.data)
    const offset = size
    outside.push({ offset, holder })
    size += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    return externalTensorProto(key, holder, { location: WEIGHTS_FILE, offset, length: bytes })
  })
  const weights = new Uint8Array(size)
  for (const { offset, holder } of outside) {
    if (holder.writeTo) holder.writeTo(new Float32Array(weights.buffer, offset, sizeOf(holder.shape)))
    else weights.set(bytesOf(holder.data.data), offset)
  }
  // ONNX Runtime refuses an empty block.
  return { onnx, weights: size === 0 ? [] : [{ name: WEIGHTS_FILE, data: weights }] }
}

function encode(
  graph: Graph,
  name: string,
  encodeTensor: (key: string, holder: StateHolder) => TensorProto
): Uint8Array<ArrayBuffer> {
  const nodes: NodeProto[] = []
  const weights = new Map<string, TensorProto>()
  // A graph's outputs keep their own names: the value they rename is written under the output's name.
  const renamed = renameOutputs(graph)
  const nameOf = (value: Value): string => renamed.get(value) ?? graph.names.get(value) ?? ''
  const addWeight = (key: string, holder: StateHolder): string => {
    if (!weights.has(key)) weights.set(key, encodeTensor(key, holder))
    return key
  }
  const addConstant = (key: string, tensor: Tensor): string =>
    addWeight(key, { shape: tensor.shape, dtype: tensor.dtype, data: tensor })

  const emitterFor = (output: string): Emitter => {
    let intermediates = 0
    return {
      nameOf,
      emit: (opType, inputs, attributes) => nodes.push(nodeProto(opType, inputs, output, attributes)),
      intermediate(opType, inputs, attributes) {
        const part = `${output}:${intermediates++}`
        nodes.push(nodeProto(opType, inputs, part, attributes))
        return part
      },
      integers: values =>
        addConstant(
          `ints:${values.join()}`,
          new Tensor(BigInt64Array.from(values, BigInt), [values.length], 'int64')
        ),
      float: value => addConstant(`float:${value}`, new Tensor(Float32Array.of(value), [], 'float32'))
    }
  }

  for (const value of graph.values) {
    const { origin } = value
    if (origin.kind === 'constant') addConstant(nameOf(value), origin.tensor)
    else if (origin.kind === 'state') addWeight(nameOf(value), origin.holder)
    else if (origin.kind === 'node') lower(origin, emitterFor(nameOf(value)))
  }
  for (const output of graph.outputs) {
    const source = nameOf(output.value)
    if (source !== output.name) nodes.push(nodeProto('Identity', [source], output.name))
  }

  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'resnet-ts',
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) })],
    graph: create(GraphProtoSchema, {
      name,
      node: nodes,
      initializer: [...weights.values()],
      input: graph.inputs.map(value => valueInfoProto(nameOf(value), value.dtype, value.shape)),
      output: graph.outputs.map(({ name: output, value }) => valueInfoProto(output, value.dtype, value.shape))
    })
  })
  return toBinary(ModelProtoSchema, model)
}

/**
 * The first output that names a computed value gives it its name; a second name, or a name for an input, needs an
 * Identity. An inner value that happens to have an output's name makes way for it.
 */
function renameOutputs(graph: Graph): Map<Value, string> {
  const renamed = new Map<Value, string>()
  for (const { name, value } of graph.outputs) {
    if (value.origin.kind === 'node' && !renamed.has(value)) renamed.set(value, name)
  }
  const outputNames = new Set(graph.outputs.map(({ name }) => name))
  for (const [value, name] of graph.names) {
    const isInner = value.origin.kind !== 'input' && !renamed.has(value)
    if (isInner && outputNames.has(name)) renamed.set(value, `${name}:inner`)
  }
  return renamed
}
