// What a lowering writes to: nodes for its op's result and for what leads there, and constants.
import type { Value } from '../ir/ops.js'
import type { AttributeValue } from './proto.js'

/** Attributes of an ONNX node. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Where lowered nodes go. */
export interface Emitter {
  /** Adds the node that computes the op's result. */
  emit(opType: string, inputs: readonly string[], attributes?: Attributes): void
  /** Adds a node for an intermediate result and returns its name. */
  intermediate(opType: string, inputs: readonly string[], attributes?: Attributes): string
  /**
   * Adds a node with two intermediate results and returns their names. Ops that ask for the same node share it, which
   * ONNX Runtime does by itself for nodes with one result only.
   */
  pair(opType: string, inputs: readonly string[], attributes?: Attributes): readonly [string, string]
  /** Adds a constant list of integers (a shape, axes, pads) and returns its name. */
  integers(values: readonly number[]): string
  /** Adds a constant float, or floats of a shape, and returns its name. */
  float(value: number): string
  floats(values: readonly number[], shape: readonly number[]): string
  /** The name of a value. */
  nameOf(value: Value): string
  /** The values that are computed from a value. */
  usersOf(value: Value): readonly Value[]
}
