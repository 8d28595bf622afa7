// The nodes and initialisers of an ONNX file, as far as weights need them. Source: onnx/onnx.proto.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import type { DType } from '../../tensor/dtype.js'
import { MAX_DIMENSIONS } from '../pth/strided.js'
import { fieldsOf, varintsIn } from './protobuf.js'

export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Gemm's: whether its weight is stored as PyTorch stores it. */
  readonly isTransposed: boolean
}

export interface Initializer {
  readonly name: string
  /** Undefined for one that no tensor here has. */
  readonly dtype: DType | undefined
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, Initializer>
}

const MAX_ITEMS = 100_000
// Inputs and outputs of all nodes, of which each has a few.
const MAX_VALUES = 4 * MAX_ITEMS
// Of ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto.
const GRAPH = 7
const [NODE, INITIALIZER] = [1, 5]
const [INPUT, OUTPUT, OP_TYPE, ATTRIBUTE] = [1, 2, 4, 5]
const [ATTRIBUTE_NAME, ATTRIBUTE_INT] = [1, 3]
const [DIMS, DATA_TYPE, FLOAT_DATA, TENSOR_NAME, RAW_DATA, EXTERNAL_DATA, DATA_LOCATION] = [
  1, 2, 4, 8, 9, 13, 14
]
const EXTERNAL = 1

const DTYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16'
}

/** @throws Fault when it is damaged, quantized, or keeps its weights in another file. */
export function parseOnnx(file: Uint8Array): OnnxModel {
  const nodes: OnnxNode[] = []
  const initializers = new Map<string, Initializer>()
  let values = 0
  for (const graph of messages(file, GRAPH)) {
    for (const [number, value] of fieldsOf(graph)) {
      if (typeof value === 'number') continue
      if (number === NODE) {
        const node = nodeIn(value)
        values += node.inputs.length + node.outputs.length
        if (values > MAX_VALUES) throw tooManyValues()
        nodes.push(node)
      }
      if (number === INITIALIZER) {
        const each = initializerIn(value)
        initializers.set(each.name, each)
      }
      if (nodes.length + initializers.size > MAX_ITEMS)
        throw new Fault(`is an ONNX file of more than ${MAX_ITEMS} nodes and tensors`)
    }
  }
  const quantized = nodes.find(({ op }) => /Quantize|^QLinear|Integer$/.test(op))
  if (quantized)
    throw new Fault(
      `is a quantized ONNX file (it has ${quote(quantized.op)}), whose weights are rounded: give the file that it was made of`
    )
  return { nodes, initializers }
}

function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === wanted && typeof value !== 'number') yield value
  }
}

function nodeIn(bytes: Uint8Array): OnnxNode {
  const [inputs, outputs]: [string[], string[]] = [[], []]
  let op = ''
  let isTransposed = false
  for (const [number, value] of fieldsOf(bytes)) {
    if (typeof value === 'number') continue
    if (number === INPUT) inputs.push(textIn(value))
    else if (number === OUTPUT) outputs.push(textIn(value))
    else if (number === OP_TYPE) op = textIn(value)
    else if (number === ATTRIBUTE) isTransposed ||= saysTransposed(value)
    if (inputs.length + outputs.length > MAX_VALUES) throw tooManyValues()
  }
  return { op, inputs, outputs, isTransposed }
}

function saysTransposed(bytes: Uint8Array): boolean {
  let [name, int] = ['', 0]
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === ATTRIBUTE_NAME && typeof value !== 'number') name = textIn(value)
    if (number === ATTRIBUTE_INT && typeof value === 'number') int = value
  }
  return name === 'transB' && int === 1
}

function initializerIn(bytes: Uint8Array): Initializer {
  let [name, type, isElsewhere] = ['', 0, false]
  let content = new Uint8Array(0)
  const shape: number[] = []
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === DIMS) shape.push(...varintsIn(value).slice(0, MAX_DIMENSIONS + 1))
    else if (number === DATA_TYPE && typeof value === 'number') type = value
    else if (number === DATA_LOCATION) isElsewhere ||= value === EXTERNAL
    else if (number === EXTERNAL_DATA) isElsewhere = true
    else if (typeof value === 'number') continue
    else if (number === TENSOR_NAME) name = textIn(value)
    else if (number === RAW_DATA || number === FLOAT_DATA) content = new Uint8Array(value)
    if (shape.length > MAX_DIMENSIONS)
      throw new Fault(`is an ONNX file with a tensor of more than ${MAX_DIMENSIONS} dimensions`)
  }
  if (isElsewhere)
    throw new Fault(
      `is an ONNX file whose weights (${quote(name)}) lie in another file beside it: write them as one with onnx.save(onnx.load(file), 'whole.onnx')`
    )
  return { name, dtype: DTYPES[type], shape, bytes: content }
}

function tooManyValues(): Fault {
  return new Fault(`is an ONNX file whose nodes have more than ${MAX_VALUES} inputs and outputs`)
}

const TEXT = new TextDecoder()

function textIn(bytes: Uint8Array): string {
  return TEXT.decode(bytes)
}
