// First and second gradients against central differences, both in float64 by the reference interpreter.
import { expect } from 'vitest'
import * as F from '../../ir/functional/index.js'
import { collectGraph } from '../../ir/graph.js'
import { constant, graphInput } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import type { DrawnCase } from '../../ir/testing/drawn-cases.js'
import { expectClose } from '../../ir/testing/expect-close.js'
import { interpret } from '../../ir/testing/interpret.js'
import { sizeOf, tensor, type Tensor } from '../../tensor/tensor.js'
import { gradients } from '../gradients.js'

/** The step of the central differences: the truncation error is about STEP², the rounding error 1e-16 / STEP. */
const STEP = 1e-5
/** Covers both, and the rounding of a graph's constants to float32. */
const TOLERANCE = 2e-6
/** The smallest scale of comparison, because rounding errors dominate the differences of small gradients. */
const FLOOR = 1e-2
/** The size of the batch `'N'`, which gradients need to know. */
const BATCH = 3
/** The most elements of each input that are varied. */
const MOST_MOVED = 12

/**
 * Expects the first and second gradients of a computation by all inputs to equal central differences.
 * @param salt varies the numbers that are fed.
 */
export function expectGradients({ feeds, build }: DrawnCase, salt: number): void {
  const shapes = feeds.map(({ shape }) => shape.map(dim => (dim === 'N' ? BATCH : dim)))
  const values = shapes.map((shape, i) => graphInput(`x${i}`, shape))
  const fed = shapes.map((shape, i) => distinct(shape, salt + 31 * i, feeds[i].positive === true))

  const first = weighted(build(...values), salt)
  const slopes = gradients(first, values)
  expectDifferences(first, slopes, values, fed, 'gradient')

  const second = slopes.map((slope, i) => weighted(slope, salt + i)).reduce((a, b) => F.add(a, b))
  expectDifferences(second, gradients(second, values), values, fed, 'second gradient')
}

/** A weighted sum of all elements with distinct weights, so that swapped elements are noticed. */
function weighted(value: Value, salt: number): Value {
  const shape = value.shape.map(Number)
  const weights = Float32Array.from(distinct(shape, salt + 7, false).data as Float64Array)
  return F.sum(F.mul(value, constant(tensor(weights, shape))))
}

function expectDifferences(
  loss: Value,
  slopes: readonly Value[],
  inputs: readonly Value[],
  fed: readonly Tensor[],
  what: string
): void {
  const graph = collectGraph(inputs, [{ name: 'loss', value: loss }])
  const outputs = slopes.map((value, i) => ({ name: `slope${i}`, value }))
  const computed = interpret(collectGraph(inputs, outputs), named(fed))
  for (const [i, { shape }] of fed.entries()) {
    const slope = computed[`slope${i}`]
    expect(slope.shape, `${what} of input ${i}`).toEqual(shape)
    const stride = Math.max(1, Math.ceil(sizeOf(shape) / MOST_MOVED))
    const places = Array.from({ length: Math.ceil(sizeOf(shape) / stride) }, (_, place) => place * stride)
    const lossAt = (place: number, by: number): number =>
      interpret(graph, named(fed.with(i, moved(fed[i], place, by)))).loss.data[0]
    const expected = places.map(place => (lossAt(place, STEP) - lossAt(place, -STEP)) / (2 * STEP))
    const got = places.map(place => slope.data[place])
    expectClose(column([...got, FLOOR]), column([...expected, FLOOR]), TOLERANCE, `${what} of input ${i}`)
  }
}

function column(values: readonly number[]): { data: Float64Array; shape: number[] } {
  return { data: Float64Array.from(values), shape: [values.length] }
}

function named(tensors: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(tensors.map((each, i) => [`x${i}`, each]))
}

function moved({ data, shape }: Tensor, place: number, by: number): Tensor {
  const copy = Float64Array.from(data as Float64Array)
  copy[place] += by
  return tensor(copy, shape)
}

/** Distinct numbers in −2 … 2, or 0.5 … 2.5, far enough apart that a small step never changes a maximum. */
function distinct(shape: readonly number[], salt: number, positive: boolean): Tensor {
  const size = sizeOf(shape)
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => hash(a, salt) - hash(b, salt))
  // The golden ratio keeps the values of different inputs apart.
  const shift = ((salt * 0.618) % 1) / 2 + 0.25
  const values = order.map(rank => ((rank + shift) / size) * (positive ? 2 : 4) + (positive ? 0.5 : -2))
  return tensor(Float64Array.from(values), shape)
}

function hash(i: number, salt: number): number {
  return Math.imul(Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b), 0xc2b2ae35) >>> 0
}
