// Encodes a graph as an ONNX model: nodes by `lower`, weights as raw data, a symbolic batch. Either as one file, or as a
// small model with separate weights, which avoids protobuf's copies of large fields at every level of nesting.
import { create, toBinary } from '@bufbuild/protobuf'
import * as proto from 'onnx-buf'
import type { Graph } from '../ir/graph.js'
import type { StateHolder, Value } from '../ir/ops.js'
import { withMemory } from '../base/memory.js'
import { bytesOf, itemSize, ownBuffer } from '../tensor/dtype.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'
import type { Emitter } from './emitter.js'
import { lower } from './lower.js'
import { OPSETS, OWN_OPSET, type Opset } from './opsets.js'
import { externalTensorProto, nodeProto, tensorProto, valueInfoProto } from './proto.js'

/** The versions of ONNX's file format in which the operator sets came (ONNX 1.12, 1.13, 1.15): older readers open no newer one. */
const IR_VERSIONS: Readonly<Record<Opset, bigint>> = { 17: 8n, 18: 8n, 20: 9n }

/** A model that an engine loads. */
export interface EncodedModel {
  readonly onnx: Uint8Array<ArrayBuffer>
  /** Nodes that must run on the CPU: those with two results, for which WebGPU has no kernel. */
  readonly cpuNodes: readonly string[]
}

/** A model whose parameters and buffers are inputs. */
export interface FedModel {
  readonly model: EncodedModel
  readonly fed: ReadonlyMap<string, StateHolder>
}

export interface SplitModel extends EncodedModel {
  /** The external weights, in blocks under the names that the model refers to. */
  readonly weights: readonly { readonly name: string; readonly data: Uint8Array<ArrayBuffer> }[]
}

const WEIGHTS_FILE = 'weights'
// Smaller tensors (shapes, axes, scalars) stay inside, where shape inference needs them.
const SMALLEST_OUTSIDE = 1024
const ALIGNMENT = 64

/** Encodes a graph as one ONNX `ModelProto` that any runtime opens. */
export function encodeOnnx(
  graph: Graph,
  name: string,
  { opset = OPSETS[0], metadata }: Pick<EncodeOptions, 'opset' | 'metadata'> = {}
): Uint8Array<ArrayBuffer> {
  return encode(graph, name, { opset, metadata }).model.onnx
}

/**
 * Encodes a graph whose parameters and buffers are inputs under their names; except those in bfloat16, which JavaScript
 * cannot pass to the runtimes. One with the name of an output is renamed.
 */
export function encodeFed(graph: Graph, name: string): FedModel {
  return encode(graph, name, { isFed: ({ dtype }) => dtype !== 'bfloat16' })
}

/** With external weights; `transfer` gives away buffers that nothing else shares instead of copying them into one block. */
export function encodeSplit(graph: Graph, name: string, transfer = false): SplitModel {
  const places: WeightPlace[] = []
  let size = 0
  const weights: { name: string; data: Uint8Array<ArrayBuffer> }[] = []
  const taken = new Set<ArrayBufferLike>()
  const encodeTensor = (key: string, holder: StateHolder): proto.TensorProto => {
    const length = sizeOf(holder.shape) * itemSize(holder.dtype)
    if (length < SMALLEST_OUTSIDE) return tensorProto(key, holder.data)
    if (transfer) {
      weights.push({ name: key, data: takeMemory(holder.data, taken) })
      return externalTensorProto(key, holder, { location: key, offset: 0, length })
    }
    const offset = size
    places.push({ offset, holder })
    size += Math.ceil(length / ALIGNMENT) * ALIGNMENT
    return externalTensorProto(key, holder, { location: WEIGHTS_FILE, offset, length })
  }
  const { model } = encode(graph, name, { encodeTensor })
  // ONNX Runtime refuses an empty block.
  if (size > 0) weights.push({ name: WEIGHTS_FILE, data: fillBlock(places, size) })
  return { ...model, weights }
}

/** A tensor's buffer, or a copy if the buffer is shared. */
function takeMemory({ data }: Tensor, taken: Set<ArrayBufferLike>): Uint8Array<ArrayBuffer> {
  const buffer = ownBuffer(data)
  if (!buffer || taken.has(buffer)) return new Uint8Array(bytesOf(data))
  taken.add(buffer)
  return new Uint8Array(buffer)
}

interface WeightPlace {
  readonly offset: number
  readonly holder: StateHolder
}

function fillBlock(places: readonly WeightPlace[], size: number): Uint8Array<ArrayBuffer> {
  const weights = withMemory(
    size,
    () => new Uint8Array(size),
    () => 'a copy of the weights',
    'a smaller network'
  )
  for (const { offset, holder } of places) {
    if (holder.writeTo) holder.writeTo(new Float32Array(weights.buffer, offset, sizeOf(holder.shape)))
    else weights.set(bytesOf(holder.data.data), offset)
  }
  return weights
}

interface EncodeOptions {
  readonly encodeTensor?: (key: string, holder: StateHolder) => proto.TensorProto
  readonly isFed?: (holder: StateHolder) => boolean
  /** Default the one of programs. */
  readonly opset?: Opset | undefined
  /** The model's `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

function encode(graph: Graph, name: string, options: EncodeOptions = {}): FedModel {
  const {
    encodeTensor = (key: string, { data }: StateHolder) => tensorProto(key, data),
    isFed = () => false,
    opset = OWN_OPSET,
    metadata = {}
  } = options
  const nodes: proto.NodeProto[] = []
  const weights = new Map<string, proto.TensorProto>()
  const fed = new Map<string, StateHolder>()
  // The value behind an output is written under the output's name.
  const renamed = renameOutputs(graph)
  const nameOf = (value: Value): string => renamed.get(value) ?? graph.names.get(value) ?? ''
  const addWeight = (key: string, holder: StateHolder): string => {
    if (!weights.has(key)) weights.set(key, encodeTensor(key, holder))
    return key
  }
  const addConstant = (key: string, tensor: Tensor): string =>
    addWeight(key, { shape: tensor.shape, dtype: tensor.dtype, data: tensor })

  const users = usersIn(graph)
  const shared = new Map<string, readonly string[]>()
  const cpuNodes = new Set<string>()
  const emitterFor = (output: string): Emitter => {
    let intermediates = 0
    const part = (): string => `${output}:${intermediates++}`
    return {
      opset,
      nameOf,
      usersOf: value => users.get(value) ?? [],
      emit: (opType, inputs, attributes) => nodes.push(nodeProto(opType, inputs, [output], attributes)),
      intermediate(opType, inputs, attributes) {
        const name = part()
        nodes.push(nodeProto(opType, inputs, [name], attributes))
        return name
      },
      pair(opType, inputs, attributes) {
        const [node, second] = this.several(2, opType, inputs, attributes)
        cpuNodes.add(node)
        return [node, second]
      },
      several(count, opType, inputs, attributes) {
        const key = JSON.stringify([opType, inputs, attributes])
        const known = shared.get(key)
        if (known) return known
        const names = Array.from({ length: count }, part)
        shared.set(key, names)
        nodes.push(nodeProto(opType, inputs, names, attributes))
        return names
      },
      integers(values) {
        const data = BigInt64Array.from(values, BigInt)
        return addConstant(`ints:${values.join()}`, new Tensor(data, [values.length], 'int64'))
      },
      floats(values, shape) {
        const data = Float32Array.from(values)
        return addConstant(`floats:${shape.join('x')}:${values.join()}`, new Tensor(data, shape, 'float32'))
      }
    }
  }

  for (const value of graph.values) {
    const { origin } = value
    if (origin.kind === 'constant') addConstant(nameOf(value), origin.tensor)
    else if (origin.kind === 'state' && isFed(origin.holder)) fed.set(nameOf(value), origin.holder)
    else if (origin.kind === 'state') addWeight(nameOf(value), origin.holder)
    else if (origin.kind === 'node') lower(origin, emitterFor(nameOf(value)))
  }
  for (const output of graph.outputs) {
    const source = nameOf(output.value)
    if (source !== output.name) nodes.push(nodeProto('Identity', [source], [output.name]))
  }

  const model = create(proto.ModelProtoSchema, {
    irVersion: IR_VERSIONS[opset],
    producerName: 'resnet-ts',
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(proto.StringStringEntryProtoSchema, { key, value })
    ),
    opsetImport: [
      create(proto.OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) }),
      ...domainsIn(nodes).map(domain => create(proto.OperatorSetIdProtoSchema, { domain, version: 1n }))
    ],
    graph: create(proto.GraphProtoSchema, {
      name,
      node: nodes,
      initializer: [...weights.values()],
      input: [...graph.inputs.map(value => [nameOf(value), value] as const), ...fed].map(
        ([key, { dtype, shape }]) => valueInfoProto(key, dtype, shape)
      ),
      output: graph.outputs.map(({ name: output, value }) => valueInfoProto(output, value.dtype, value.shape))
    })
  })
  return { model: { onnx: toBinary(proto.ModelProtoSchema, model), cpuNodes: [...cpuNodes] }, fed }
}

/** The domains of operators outside the standard. */
function domainsIn(nodes: readonly proto.NodeProto[]): string[] {
  return [...new Set(nodes.map(({ domain }) => domain))].filter(domain => domain !== '')
}

function usersIn(graph: Graph): Map<Value, Value[]> {
  const users = new Map<Value, Value[]>()
  for (const value of graph.values) {
    for (const operand of new Set(value.inputs)) users.set(operand, [...(users.get(operand) ?? []), value])
  }
  return users
}

/**
 * Renames computed values to the name of their first output; further outputs of the same value, and outputs that are
 * inputs, need an Identity node. Inner values with the name of an output are renamed.
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
