// A program over batches of any size, run a few items at a time, so that memory does not grow with what is asked.
import { inferenceOf } from '../compile/inference.js'
import { loadGraph } from '../compile/load-program.js'
import { engineFor } from '../compile/shared-engines.js'
import { GradientError } from '../autodiff/gradients.js'
import type { Graph } from '../ir/graph.js'
import { onOtherValue } from '../ir/on-other-values.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import type { LoadedProgram, NamedTensors } from '../runtime/engine.js'
import { ShapeError } from '../base/errors.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'
import { ExplainError } from './explain-error.js'
import type { ExplainOptions } from './explanation.js'
import { classesIn } from './layers.js'

/** A network's pass over a batch, to build an explanation on. */
export interface Forward {
  /** The images: (N, C, H, W). */
  readonly x: Value
  /** (N, classes) */
  readonly logits: Value
  /** The results of the layers that were named, in their order. */
  readonly layers: readonly Value[]
  /** The logits of other images. */
  logitsOf(images: Value): Value
  /** A name for a value of the pass. */
  readonly nameOf: (value: Value) => string | undefined
}

/**
 * A network's pass as a graph, in evaluation mode.
 * @throws OutputError when a layer's name is not a module's, ExplainError when the output does not tell classes apart.
 */
export function forwardOf(net: Module, shape: Shape, named: readonly string[] = []): Forward {
  const { input: x, output: logits, layers, values, nameOf } = inferenceOf(net, shape, named)
  classesIn(net, logits.shape)
  const logitsOf = (images: Value): Value => onOtherValue(values, x, images)(logits)
  return { x, logits, layers, logitsOf, nameOf }
}

/** Some items of a batch, and what was computed of them. */
export interface Chunk {
  readonly start: number
  readonly count: number
  readonly outputs: NamedTensors
}

/** A loaded graph whose batch may have any size. */
export class BatchedProgram {
  readonly #program: LoadedProgram
  /** How many items run at once. */
  readonly #atOnce: number

  private constructor(program: LoadedProgram, atOnce: number) {
    this.#program = program
    this.#atOnce = atOnce
  }

  /**
   * Loads what `build` makes for a batch of any size; where that cannot be written down, as with a network that computes
   * over its batch, for one item at a time.
   * @param build is given the images' shape.
   */
  static async load(
    net: Module,
    { input, batchSize = 16, ...options }: ExplainOptions,
    build: (input: Shape) => Graph
  ): Promise<BatchedProgram> {
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw new ExplainError(`batchSize: expected a whole number of at least 1, got ${batchSize}`)
    }
    // The engine starts while the graph is made.
    const engine = engineFor(options)
    const [graph, atOnce] = forAnyBatch(input, build, batchSize)
    return new BatchedProgram(await loadGraph(engine, graph, { name: net.typeName }), atOnce)
  }

  /** Runs part after part. @param items go through in parts, @param fixed whole with every part. */
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

  /** Runs all parts and joins their outputs along the batch. */
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

/** Items of a batch; their memory is shared. */
export function itemsOf({ data, shape, dtype }: Tensor, start: number, count: number): Tensor {
  const [, ...item] = shape
  const size = sizeOf(item)
  return new Tensor(data.subarray(start * size, (start + count) * size), [count, ...item], dtype)
}

/** Tensors one after the other along their first axis. */
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
