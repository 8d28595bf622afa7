// A graph as the bytes of an ONNX model: nodes by `lower`, weights as raw data, the batch as a symbol.
import { create, toBinary } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  type NodeProto,
  type TensorProto
} from 'onnx-buf'
import type { Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import { Tensor } from '../tensor/tensor.js'
import { lower, type Emitter } from './lower.js'
import { nodeProto, tensorProto, valueInfoProto } from './proto.js'

/** The operator set the lowerings are written for (ONNX 1.15). */
export const OPSET = 20
const IR_VERSION = 9n

/**
 * Encodes a graph as an ONNX `ModelProto` that any runtime opens.
 * @param name the graph's name inside the file.
 */
export function encodeOnnx(graph: Graph, name: string): Uint8Array<ArrayBuffer> {
  const nodes: NodeProto[] = []
  const weights = new Map<string, TensorProto>()
  // A graph's outputs keep their own names: the value they rename is written under the output's name.
  const renamed = renameOutputs(graph)
  const nameOf = (value: Value): string => renamed.get(value) ?? graph.names.get(value) ?? ''
  const addWeight = (key: string, tensor: Tensor): string => {
    if (!weights.has(key)) weights.set(key, tensorProto(key, tensor))
    return key
  }

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
        addWeight(
          `ints:${values.join()}`,
          new Tensor(BigInt64Array.from(values, BigInt), [values.length], 'int64')
        ),
      float: value => addWeight(`float:${value}`, new Tensor(Float32Array.of(value), [], 'float32'))
    }
  }

  for (const value of graph.values) {
    const { origin } = value
    if (origin.kind === 'constant') addWeight(nameOf(value), origin.tensor)
    else if (origin.kind === 'state') addWeight(nameOf(value), origin.holder.data)
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

/** The first output that names a computed value gives it its name; a second name, or a name for an input, needs an Identity. */
function renameOutputs(graph: Graph): Map<Value, string> {
  const renamed = new Map<Value, string>()
  for (const { name, value } of graph.outputs) {
    if (value.origin.kind === 'node' && !renamed.has(value)) renamed.set(value, name)
  }
  return renamed
}
