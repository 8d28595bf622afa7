// The interface through which lowerings emit nodes and constants, and the few nodes that many of them need.
import type { OpName, Ops, Padding, Value } from '../ir/ops.js'
import type { DType } from '../tensor/dtype.js'
import type { Opset } from './opsets.js'
import { DATA_TYPES, type AttributeValue } from './proto.js'

export type Attributes = Readonly<Record<string, AttributeValue>>

/** Collects the nodes of one op. */
export interface Emitter {
  readonly opset: Opset
  /** Adds the node that computes the op's result. */
  emit(opType: string, inputs: readonly string[], attributes?: Attributes): void
  /** Adds a node for an intermediate result and returns its name. */
  intermediate(opType: string, inputs: readonly string[], attributes?: Attributes): string
  /** The same with two results. Identical nodes are shared, which ONNX Runtime itself does only for those with one result. */
  pair(opType: string, inputs: readonly string[], attributes?: Attributes): readonly [string, string]
  /** The same with any number of results. */
  several(
    count: number,
    opType: string,
    inputs: readonly string[],
    attributes?: Attributes
  ): readonly string[]
  /** Adds a constant list of integers (a shape, axes, pads) and returns its name. */
  integers(values: readonly number[]): string
  floats(values: readonly number[], shape: readonly number[]): string
  nameOf(value: Value): string
  usersOf(value: Value): readonly Value[]
}

/** Emits the nodes of an op. */
export type Lowering<K extends OpName> = (
  out: Emitter,
  inputs: Ops[K]['inputs'],
  attributes: Ops[K]['attributes']
) => void

/** A constant number in the dtype of the other operand, which ONNX requires to be the same. */
export function scalar(out: Emitter, value: number, dtype: DType): string {
  return constants(out, [value], [], dtype)
}

export function constants(
  out: Emitter,
  values: readonly number[],
  shape: readonly number[],
  dtype: DType
): string {
  const floats = out.floats(values, shape)
  return dtype === 'float32' ? floats : out.intermediate('Cast', [floats], { to: DATA_TYPES[dtype] })
}

export function reshaped(out: Emitter, name: string, shape: readonly number[]): string {
  return out.intermediate('Reshape', [name, out.integers(shape)])
}

type Reduction = 'ReduceSum' | 'ReduceMax' | 'ReduceMean' | 'ReduceSumSquare'

/** The operands and attributes of a reduction: its axes became an operand in opset 18, those of ReduceSum in 13. */
export function reduced(
  out: Emitter,
  opType: Reduction,
  name: string,
  { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean }
): [opType: string, inputs: readonly string[], attributes: Attributes] {
  const keepdims = keepDims ? 1 : 0
  return opType === 'ReduceSum' || out.opset >= 18
    ? [opType, [name, out.integers(axes)], { keepdims }]
    : [opType, [name], { axes, keepdims }]
}

/** Pads the last two of four axes; negative amounts crop. Without padding no node is added. */
export function padImage(
  out: Emitter,
  image: string,
  [top, left, bottom, right]: Padding,
  { fill, dtype }: { readonly fill: number; readonly dtype: DType }
): string {
  if ([top, left, bottom, right].every(amount => amount === 0)) return image
  const amounts = out.integers([0, 0, top, left, 0, 0, bottom, right])
  return out.intermediate('Pad', [image, amounts, scalar(out, fill, dtype)])
}
