// Cases computed by torch in float64 (tools/ops_goldens.py), and the same computation on the reference interpreter.
import { sizeOf, tensor, type Tensor } from '../../tensor/tensor.js'
import { collectGraph, type Graph } from '../graph.js'
import { graphInput } from '../operand.js'
import type { Value } from '../ops.js'
import type { Float64Tensor } from './float64-tensor.js'
import { interpret } from './interpret.js'

/** How an input is made by formula. */
export interface GoldenInput {
  readonly shape: readonly number[]
  readonly salt: number
  readonly positive: boolean
  readonly dtype: 'float32' | 'int64'
}

/** What torch computed from some inputs. */
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

/** How far the interpreter may be from torch: both are float64, but neither orders its sums as the other does. */
export const FLOAT64_TOLERANCE = 1e-12
/**
 * The same for functions with a constant that float32 does not hold exactly, such as a third or √½: each is off by up to
 * 2⁻²⁴ of itself, and at most two meet in a product.
 */
export const ROUNDED_CONSTANT_TOLERANCE = 2 ** -23

/** Distinct dyadic numbers in −3.125 … 3.125; all above zero if `positive`; whole if the dtype is. */
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

/** Traces a case; its inputs are called `x0`, `x1`, … */
export function goldenGraph({ inputs }: GoldenCase, build: Build): Graph {
  const values = inputs.map(({ shape, dtype }, i) => graphInput(`x${i}`, shape, dtype))
  return collectGraph(values, [{ name: 'y', value: build(...values) }])
}

/** The interpreter's answer to a case. */
export function interpretGolden(golden: GoldenCase, graph: Graph): Float64Tensor {
  const fed = golden.inputs.map((each, i) => [`x${i}`, goldenTensor(each)] as const)
  return interpret(graph, Object.fromEntries(fed)).y
}

/** torch's answer to a case. */
export function expectedTensor({ expected }: GoldenCase): Float64Tensor {
  return { data: Float64Array.from(expected.data), shape: expected.shape }
}
