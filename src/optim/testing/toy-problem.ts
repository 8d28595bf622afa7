// A small optimisation problem: two parameters, and gradients by formula, the same as in tools/optim_goldens.py.
import { collectGraph, type Graph } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import type { Float64Tensor } from '../../ir/testing/interpret.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import { clipByGlobalNorm, type WeightAverage } from '../building-blocks.js'
import type { Optimizer } from '../optimizer.js'

/** The parameters' shapes. */
export const SHAPES: readonly (readonly number[])[] = [[6], [3, 4]]

/** Variations of the problem. */
export interface ToyOptions {
  readonly zeroWeights?: boolean
  readonly zeroGradient?: boolean
  readonly maxNorm?: number
  readonly average?: WeightAverage
}

/** The inputs of the next step, by name: `parameter0`, `average0`, `momentum_buffer0`, … */
export type ToyState = Readonly<Record<string, Float64Tensor>>

/** Computes a graph. */
export type Run = (
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>
) => Record<string, Float64Tensor> | Promise<Record<string, Float64Tensor>>

/** One step as a graph; an output's name is its input's name after `next `. */
function stepGraph(optimizer: Optimizer, { maxNorm, average }: ToyOptions): Graph {
  const inputs: Value[] = []
  const fed = (name: string, shape: readonly number[]): Value => {
    const value = graphInput(name, shape)
    inputs.push(value)
    return value
  }
  const learningRate = fed('learningRate', [])
  const scalars = new Map(Object.keys(optimizer.scalars(1)).map(name => [name, fed(name, [])]))
  const slopes = SHAPES.map((shape, i) => fed(`gradient${i}`, shape))
  const gradients = maxNorm === undefined ? slopes : clipByGlobalNorm(slopes, maxNorm)
  const outputs = SHAPES.flatMap((shape, i) => {
    const slots = new Map(optimizer.slots.map(name => [name, fed(`${name}${i}`, shape)]))
    const update = optimizer.update({
      parameter: fed(`parameter${i}`, shape),
      gradient: gradients[i],
      learningRate,
      weightDecay: optimizer.weightDecay,
      slot: name => find(slots, name),
      scalar: name => find(scalars, name)
    })
    const next = [['parameter', update.parameter] as const, ...Object.entries(update.slots)]
    if (average) next.push(['average', average(fed(`average${i}`, shape), update.parameter)])
    return next.map(([name, value]) => ({ name: `next ${name}${i}`, value }))
  })
  return collectGraph(inputs, outputs)
}

function find(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (!value) throw new Error(`the optimiser uses ${name}, which it does not declare`)
  return value
}

/** Trains, and yields the state after each step, in float64 if `run` preserves it. */
export async function* trainToy(
  optimizer: Optimizer,
  run: Run,
  options: ToyOptions = {},
  dtype: 'float32' | 'float64' = 'float64'
): AsyncGenerator<ToyState> {
  const graph = stepGraph(optimizer, options)
  let state = startState(optimizer, options)
  for (let step = 1; ; step++) {
    const scalars = { learningRate: optimizer.learningRate, ...optimizer.scalars(step) }
    const feeds: ToyState = {
      ...state,
      ...Object.fromEntries(
        Object.entries(scalars).map(([name, value]) => [name, { data: Float64Array.of(value), shape: [] }])
      ),
      ...Object.fromEntries(
        SHAPES.map((shape, i) => {
          const slope = toyGradient(state[`parameter${i}`].data, step, 10 * i)
          return [`gradient${i}`, { data: options.zeroGradient ? slope.fill(0) : slope, shape }]
        })
      )
    }
    const tensors = Object.entries(feeds).map(([name, each]) => [name, toTensor(each, dtype)] as const)
    const results = await run(graph, Object.fromEntries(tensors))
    state = Object.fromEntries(
      Object.entries(results).map(([name, value]) => [name.replace('next ', ''), value])
    )
    yield state
  }
}

function startState(optimizer: Optimizer, { zeroWeights = false, average }: ToyOptions): ToyState {
  const starts = SHAPES.flatMap((shape, i) => {
    const zeros = { data: new Float64Array(sizeOf(shape)), shape }
    const weights = zeroWeights ? zeros : { data: dyadic(sizeOf(shape), 10 * i), shape }
    return [
      [`parameter${i}`, weights] as const,
      ...(average ? [[`average${i}`, weights] as const] : []),
      ...optimizer.slots.map(name => [`${name}${i}`, zeros] as const)
    ]
  })
  return Object.fromEntries(starts)
}

function toTensor({ data, shape }: Float64Tensor, dtype: 'float32' | 'float64'): Tensor {
  return dtype === 'float64'
    ? new Tensor(data, shape, dtype)
    : new Tensor(new Float32Array(data), shape, dtype)
}

/** Multiples of 1/16 in −3.125 … 3.125. */
function dyadic(size: number, salt: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => (((i * 37 + salt * 17) % 101) - 50) / 16)
}

/** The gradient of a quadratic whose curvature differs by element and whose minimum moves. */
function toyGradient(weights: Float64Array, step: number, salt: number): Float64Array {
  const curvature = dyadic(weights.length, salt + 1).map(a => Math.abs(a) + 0.25)
  const shift = dyadic(weights.length, salt + 2 + step)
  return weights.map((w, i) => curvature[i] * w + shift[i] / 4)
}
