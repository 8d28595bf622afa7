// What all methods run on: a program over a batch, a few items at a time, so that memory does not grow with the batch.
import { inferenceOf, type Inference } from '../compile/inference.js'
import { loadGraph } from '../compile/load-program.js'
import { engineFor } from '../compile/shared-engines.js'
import { GradientError } from '../autodiff/gradients.js'
import { collectGraph, onOtherValue, type Graph } from '../ir/graph.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module/module.js'
import type { LoadedProgram, NamedTensors } from '../runtime/engine.js'
import { ShapeError } from '../base/errors.js'
import type { FloatTensor, Tensor } from '../tensor/tensor.js'
import { askedClasses, classLogits, probabilities } from './chosen-class.js'
import type { Explainer, Explanation, ExplainOptions, ExplainRequest, Reading } from './explanation.js'
import { itemsOf, joined } from './items.js'
import { classesIn } from './layers.js'

/** A traced network, to build an explanation's graph on. */
export interface Forward extends Pick<Inference, 'layers' | 'nameOf'> {
  /** Shape: (N, C, H, W). */
  readonly x: Value
  /** (N, classes) */
  readonly logits: Value
  /** The logits of other images. */
  logitsOf(images: Value): Value
}

/**
 * Traces a network in evaluation mode.
 * @throws OutputError for an unknown layer, ExplainError when the output is not [N, classes].
 */
export function forwardOf(
  net: Module,
  shape: Shape,
  reading: Reading,
  named: readonly string[] = []
): Forward {
  const { input: x, output, layers, values, nameOf } = inferenceOf(net, shape, named)
  classesIn(net, output.shape, reading)
  const logits = classLogits(output, reading)
  const logitsOf = (images: Value): Value => classLogits(onOtherValue(values, x, images)(output), reading)
  return { x, logits, layers, logitsOf, nameOf }
}

/** A graph with the outputs that a record names. */
export function graphOf(
  inputs: readonly Value[],
  outputs: Readonly<Record<string, Value>>,
  nameOf: Forward['nameOf']
): Graph {
  const named = Object.entries(outputs).map(([name, value]) => ({ name, value }))
  return collectGraph(inputs, named, nameOf)
}

export interface Chunk {
  readonly start: number
  readonly count: number
  readonly outputs: NamedTensors
}

export class BatchedProgram {
  readonly #program: LoadedProgram
  readonly #atOnce: number

  private constructor(program: LoadedProgram, atOnce: number) {
    this.#program = program
    this.#atOnce = atOnce
  }

  /** Loads what `build` returns for a batch of any size, or for one item if the network needs a fixed batch. */
  static async load(
    net: Module,
    { input, batchSize = 16, ...options }: ExplainOptions,
    build: (input: Shape) => Graph
  ): Promise<BatchedProgram> {
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

  async run(items: NamedTensors, fixed: NamedTensors = {}): Promise<Readonly<Record<string, FloatTensor>>> {
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

export interface FoundOfImage {
  readonly classIndex: number
  /** Shape: (1, classes). */
  readonly logits: FloatTensor
}

/** What every explanation has, whatever its maps. */
type Common = Pick<Explanation, 'classIndex' | 'score' | 'logits'>

/**
 * An explainer of a method that needs many runs per image: it takes one image after the other.
 * @param reading how the outputs are read as probabilities.
 * @param ofImage receives an image, (1, C, H, W), and the requested class, −1 for the predicted one.
 * @param mapsOf the maps of a batch, from what was found of each image.
 */
export function imageByImage<F extends FoundOfImage, Maps extends Omit<Explanation, keyof Common>>(
  classes: number,
  reading: Reading,
  ofImage: (image: FloatTensor, asked: number) => Promise<F>,
  mapsOf: (found: readonly F[]) => Maps,
  dispose: () => Promise<void>
): Explainer<Maps & Common> {
  return explainerOf(async (images, request) => {
    const asked = askedClasses(request, images.shape[0], classes)
    const found: F[] = []
    for (const [i, each] of asked.entries()) found.push(await ofImage(joined([itemsOf(images, i, 1)]), each))
    const logits = joined(found.map(each => each.logits))
    const classIndex = found.map(each => each.classIndex)
    return { ...mapsOf(found), classIndex, score: probabilities(logits, classIndex, reading), logits }
  }, dispose)
}

export function explainerOf<E extends Explanation>(
  explain: (images: FloatTensor, request: ExplainRequest) => Promise<E>,
  dispose: () => Promise<void>
): Explainer<E> {
  const run = (images: FloatTensor, request: ExplainRequest = {}): Promise<E> => explain(images, request)
  return Object.assign(run, { dispose, [Symbol.asyncDispose]: dispose })
}
