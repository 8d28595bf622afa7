// Runs a program over a batch a few items at a time, so that memory does not grow with the batch.
import { inferenceOf } from '../compile/inference.js'
import { loadGraph } from '../compile/load-program.js'
import { engineFor } from '../compile/shared-engines.js'
import { GradientError } from '../autodiff/gradients.js'
import { type Graph, onOtherValue } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import type { LoadedProgram, NamedTensors } from '../runtime/engine.js'
import { ShapeError } from '../base/errors.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'
import { ExplainError } from './explain-error.js'
import type { ExplainOptions } from './explanation.js'
import { classesIn } from './layers.js'

/** A traced network, to build an explanation's graph on. */
export interface Forward {
  /** Shape: (N, C, H, W). */
  readonly x: Value
  /** (N, classes) */
  readonly logits: Value
  /** The results of the named layers, in their order. */
  readonly layers: readonly Value[]
  /** The logits of other images. */
  logitsOf(images: Value): Value
  readonly nameOf: (value: Value) => string | undefined
}

/**
 * Traces a network in evaluation mode.
 * @throws OutputError for an unknown layer, ExplainError when the output is not [N, classes].
 */
export function forwardOf(net: Module, shape: Shape, named: readonly string[] = []): Forward {
  const { input: x, output: logits, layers, values, nameOf } = inferenceOf(net, shape, named)
  classesIn(net, logits.shape)
  const logitsOf = (images: Value): Value => onOtherValue(values, x, images)(logits)
  return { x, logits, layers, logitsOf, nameOf }
}

/** Some items of a batch and their outputs. */
export interface Chunk {
  readonly start: number
  readonly count: number
  readonly outputs: NamedTensors
}

/** A loaded graph for batches of any size. */
export class BatchedProgram {
  readonly #program: LoadedProgram
  /** Items per run. */
  readonly #atOnce: number

  private constructor(program: LoadedProgram, atOnce: number) {
    this.#program = program
    this.#atOnce = atOnce
  }

  /**
   * Loads the graph that `build` returns for a batch of any size, or for one item if the network needs a fixed batch.
   */
  static async load(
    net: Module,
    { input, batchSize = 16, ...options }: ExplainOptions,
    build: (input: Shape) => Graph
  ): Promise<BatchedProgram> {
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw new ExplainError(`batchSize: expected a whole number of at least 1, got ${batchSize}`)
    }
    const engine = engineFor(options)
    const [graph, atOnce] = forAnyBatch(input, build, batchSize)
    return new BatchedProgram(await loadGraph(engine, graph, { name: net.typeName }), atOnce)
  }

  /** Runs the batch in chunks. @param items split into chunks, @param fixed passed whole with each. */
  async *chunks(items: NamedTensors, fixed: NamedTensors = {}): AsyncGenerator<Chunk> {
    const total = Object.values(items)[0]?.shape[0] ?? 0
    for (let start = 0; start < total; start += this.#atOnce) {
      const count = Math.min(this.#atOnce, total - start)
      const part = Object.entries(items).map(
        ([name, tensor]) => [name, itemsOf(tensor, start, count)] as const
      )
      yield { start, count, outputs: await this.#program.run({ ...Object.fromEntries(part), ...fixed }) }
    }
  }

  /** Runs all chunks and concatenates their outputs. */
  async run(
    items: NamedTensors,
    fixed: NamedTensors = {}
  ): Promise<Readonly<Record<string, Tensor<'float32'>>>> {
    const parts = new Map<string, Tensor[]>()
    for await (const { outputs } of this.chunks(items, fixed)) {
      for (const [name, tensor] of Object.entries(outputs))
        parts.set(name, [...(parts.get(name) ?? []), tensor])
    }
    return Object.fromEntries(Array.from(parts, ([name, tensors]) => [name, joined(tensors)]))
  }

  dispose(): Promise<void> {
    return this.#program.dispose()
  }
}

function forAnyBatch(input: Shape, build: (input: Shape) => Graph, batchSize: number): [Graph, number] {
  const image = input.slice(1)
  try {
    return [build(['N', ...image]), batchSize]
  } catch (error) {
    if (!(error instanceof GradientError || error instanceof ShapeError)) throw error
    return [build([1, ...image]), 1]
  }
}

/** A slice of a batch; memory is shared. */
export function itemsOf({ data, shape, dtype }: Tensor, start: number, count: number): Tensor {
  const [, ...item] = shape
  const size = sizeOf(item)
  return new Tensor(data.subarray(start * size, (start + count) * size), [count, ...item], dtype)
}

/** Concatenates along the first axis. */
export function joined(tensors: readonly Tensor[]): Tensor<'float32'> {
  const floats = tensors.map(({ data }) =>
    data instanceof Float32Array ? data : Float32Array.from(data, Number)
  )
  const [, ...item] = tensors[0]?.shape ?? [0]
  const items = tensors.reduce((total, { shape }) => total + shape[0], 0)
  const data = floats.length === 1 ? floats[0] : new Float32Array(items * sizeOf(item))
  if (floats.length > 1) {
    let at = 0
    for (const part of floats) {
      data.set(part, at)
      at += part.length
    }
  }
  return new Tensor(data, [items, ...item], 'float32')
}
