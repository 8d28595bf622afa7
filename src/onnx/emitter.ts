// The interface through which lowerings emit nodes and constants.
import type { Value } from '../ir/ops.js'
import type { AttributeValue } from './proto.js'

/** Attributes of an ONNX node. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Collects the nodes of one op. */
export interface Emitter {
  /** Adds the node that computes the op's result. */
  emit(opType: string, inputs: readonly string[], attributes?: Attributes): void
  /** Adds a node for an intermediate result and returns its name. */
  intermediate(opType: string, inputs: readonly string[], attributes?: Attributes): string
  /**
   * Adds a node with two intermediate results and returns their names. Identical nodes are shared, which ONNX Runtime
   * itself does only for nodes with one result.
   */
  pair(opType: string, inputs: readonly string[], attributes?: Attributes): readonly [string, string]
  /** Adds a constant list of integers (a shape, axes, pads) and returns its name. */
  integers(values: readonly number[]): string
  /** Adds a constant float, or floats of a shape, and returns its name. */
  float(value: number): string
  floats(values: readonly number[], shape: readonly number[]): string
  /** The name of a value. */
  nameOf(value: Value): string
  /** The users of a value. */
  usersOf(value: Value): readonly Value[]
}
