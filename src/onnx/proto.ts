// Creates ONNX protobuf messages with onnx-buf: nodes, attributes, tensors, value types.
import { create } from '@bufbuild/protobuf'
import * as onnx from 'onnx-buf'
import type { Shape } from '../ir/shape.js'
import { bytesOf, type DType } from '../tensor/dtype.js'
import type { Tensor } from '../tensor/tensor.js'

export const DATA_TYPES: Readonly<Record<DType, onnx.TensorProto_DataType>> = {
  float32: onnx.TensorProto_DataType.FLOAT,
  float64: onnx.TensorProto_DataType.DOUBLE,
  float16: onnx.TensorProto_DataType.FLOAT16,
  bfloat16: onnx.TensorProto_DataType.BFLOAT16,
  int64: onnx.TensorProto_DataType.INT64,
  int32: onnx.TensorProto_DataType.INT32,
  int16: onnx.TensorProto_DataType.INT16,
  int8: onnx.TensorProto_DataType.INT8,
  uint8: onnx.TensorProto_DataType.UINT8,
  bool: onnx.TensorProto_DataType.BOOL
}

/** A float attribute, because ONNX distinguishes floats from integers and JavaScript does not. */
export class Float {
  constructor(readonly value: number) {}
}

/** The value of a node's attribute; plain numbers are integers. */
export type AttributeValue = number | readonly number[] | Float | readonly Float[] | string

function attributeProto(name: string, value: AttributeValue): onnx.AttributeProto {
  return create(onnx.AttributeProtoSchema, { name, ...formOfAttribute(value) })
}

function formOfAttribute(value: AttributeValue) {
  const { FLOAT, FLOATS, STRING, INT, INTS } = onnx.AttributeProto_AttributeType
  if (value instanceof Float) return { type: FLOAT, f: value.value }
  if (typeof value === 'string') return { type: STRING, s: new TextEncoder().encode(value) }
  if (typeof value === 'number') return { type: INT, i: BigInt(value) }
  return value.every(each => each instanceof Float)
    ? { type: FLOATS, floats: value.map(each => each.value) }
    : { type: INTS, ints: value.map(BigInt) }
}

/** One ONNX node, named after its first output; an operator outside the standard as `domain:type`. */
export function nodeProto(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {}
): onnx.NodeProto {
  const [opType, domain] = operator.split(':').toReversed()
  return create(onnx.NodeProtoSchema, {
    opType,
    domain,
    name: outputs[0],
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value))
  })
}

/** An initialiser with its elements as raw little-endian bytes. */
export function tensorProto(name: string, tensor: Tensor): onnx.TensorProto {
  const bytes = bytesOf(tensor.data)
  const { buffer, byteOffset, byteLength } = bytes
  // Protobuf requires an ArrayBuffer; shared memory is copied.
  const rawData =
    buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes)
  return create(onnx.TensorProtoSchema, { ...formOf(name, tensor), rawData })
}

/** An initialiser with external elements: `length` bytes at `offset`. */
export function externalTensorProto(
  name: string,
  tensor: Pick<Tensor, 'dtype' | 'shape'>,
  place: { readonly location: string; readonly offset: number; readonly length: number }
): onnx.TensorProto {
  return create(onnx.TensorProtoSchema, {
    ...formOf(name, tensor),
    dataLocation: onnx.TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(place).map(([key, value]) =>
      create(onnx.StringStringEntryProtoSchema, { key, value: String(value) })
    )
  })
}

function formOf(name: string, { dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>) {
  return { name, dataType: DATA_TYPES[dtype], dims: shape.map(BigInt) }
}

/** The name and type of a graph's input or output; the batch stays symbolic. */
export function valueInfoProto(name: string, dtype: DType, shape: Shape): onnx.ValueInfoProto {
  const dim = shape.map(size =>
    create(onnx.TensorShapeProto_DimensionSchema, {
      value: size === 'N' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) }
    })
  )
  const tensorType = create(onnx.TypeProto_TensorSchema, {
    elemType: DATA_TYPES[dtype],
    shape: create(onnx.TensorShapeProtoSchema, { dim })
  })
  return create(onnx.ValueInfoProtoSchema, {
    name,
    type: create(onnx.TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } })
  })
}
