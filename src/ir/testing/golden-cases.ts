// Cases computed by torch in float64 (tools/ops_goldens.py), and the same computation on the reference interpreter.
import { sizeOf, tensor, type Tensor } from '../../tensor/tensor.js'
import { collectGraph, type Graph } from '../graph.js'
import { graphInput } from '../operand.js'
import type { Value } from '../ops.js'
import type { Float64Tensor } from './float64-tensor.js'
import { interpret } from './interpret.js'

/** An input, computed by formula. */
export interface GoldenInput {
  readonly shape: readonly number[]
  readonly salt: number
  readonly positive: boolean
  readonly dtype: 'float32' | 'int64'
}

/** torch's result for the inputs. */
export interface GoldenCase {
  readonly inputs: readonly GoldenInput[]
  readonly expected: { readonly shape: readonly number[]; readonly data: readonly number[] }
}

/** Cases by function, then by name. */
export interface Goldens {
  readonly cases: Readonly<Record<string, Readonly<Record<string, GoldenCase>>>>
}

/** The case of the same name, written with our functions. */
export type Build = (...inputs: Value[]) => Value

/** The interpreter against torch: both are float64, but sum in different orders. */
export const FLOAT64_TOLERANCE = 1e-12
/**
 * The same for functions with constants that float32 rounds, such as ⅓ or √½: each has a relative error of up to 2⁻²⁴,
 * and a product has at most two.
 */
export const ROUNDED_CONSTANT_TOLERANCE = 2 ** -23

/** Distinct dyadic numbers in −3.125 … 3.125; positive if `positive`; integers for integer dtypes. */
export function goldenTensor({ shape, salt, positive, dtype }: GoldenInput): Tensor {
  const steps = Array.from({ length: sizeOf(shape) }, (_, i) => (i * 37 + salt * 17) % 101)
  const values = steps.map(step => (positive ? step + 1 : step - 50))
  return dtype === 'int64'
    ? tensor(BigInt64Array.from(values, BigInt), shape, 'int64')
    : tensor(
        values.map(value => value / 16),
        shape
      )
}

/** Builds the graph of a case; its inputs are named `x0`, `x1`, … */
export function goldenGraph({ inputs }: GoldenCase, build: Build): Graph {
  const values = inputs.map(({ shape, dtype }, i) => graphInput(`x${i}`, shape, dtype))
  return collectGraph(values, [{ name: 'y', value: build(...values) }])
}

/** The interpreter's result of a case. */
export function interpretGolden(golden: GoldenCase, graph: Graph): Float64Tensor {
  const fed = golden.inputs.map((each, i) => [`x${i}`, goldenTensor(each)] as const)
  return interpret(graph, Object.fromEntries(fed)).y
}

/** torch's result of a case. */
export function expectedTensor({ expected }: GoldenCase): Float64Tensor {
  return { data: Float64Array.from(expected.data), shape: expected.shape }
}
