// A training step: feeds a batch, runs the program and reads the results.
import type { Module } from '../nn/module.js'
import { ema } from '../optim/ema.js'
import type { ParameterSettings } from '../optim/parameter-groups.js'
import type { NamedTensors } from '../runtime/engine.js'
import { deriveSeed } from '../tensor/random/derive-seed.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'
import type { Value } from '../ir/ops.js'
import { foundClasses, lossFor, targetTensor, type Batch } from './batch.js'
import type { Measurable } from './evaluate.js'
import type { Training } from './programs.js'
import { NonFiniteError, type NamedGradient } from './train-error.js'
import type { TrainerOptions } from './trainer-options.js'
import { PORTS, scalarPort, type MicroBatch, type TrainingGraphOptions } from './training-graph.js'

/** The result of training on a batch. */
export interface StepResult {
  /** Steps done, this one included. */
  readonly step: number
  readonly loss: number
  /** Share of correctly classified images, without ignored ones; undefined if labels are not class indices. */
  readonly accuracy: number | undefined
  /** Images with class labels, without ignored ones. */
  readonly labelled: number
  readonly learningRate: number
  /** The global gradient norm `‖g‖₂` before clipping. */
  readonly gradientNorm: number
  /** `‖g‖₂` of each trained parameter's gradient, by its name. */
  readonly gradientNorms: ReadonlyMap<string, number>
  /** The network's output. Shape: (N, K). */
  readonly output: Tensor
  /** False if the gradient was only accumulated. */
  readonly updated: boolean
}

/** Progress of the training. */
export interface Count {
  /** Steps made. */
  readonly steps: number
  /** Batches seen. */
  readonly batches: number
}

/** Runs steps one at a time. */
export class Stepper {
  readonly #options: TrainerOptions
  readonly #engine: Measurable
  readonly #graph: Omit<TrainingGraphOptions, 'input' | 'loss'>
  /** Modes to restore, as `eval()` may be called on the network between steps. */
  readonly #modes: ReadonlyMap<Module, boolean>
  count: Count = { steps: 0, batches: 0 }

  constructor(
    net: Module,
    options: TrainerOptions,
    settings: ReadonlyMap<string, ParameterSettings>,
    engine: Measurable
  ) {
    const { optimizer, clipNorm, accumulate = 1 } = options
    this.#modes = new Map(Array.from(net.modules(), module => [module, module.training]))
    this.#options = options
    this.#engine = engine
    this.#graph = { optimizer, settings, clipNorm, accumulate, average: options.ema && ema(options.ema) }
  }

  /** @throws NonFiniteError when the loss, a gradient or a new weight is not finite; then the state is unchanged. */
  async step(batch: Batch, transfer: boolean): Promise<StepResult> {
    const { steps, batches } = this.count
    const { accumulate = 1, schedule, optimizer } = this.#options
    const { programs, state, loss } = this.#engine
    const microBatch = microBatchOf(batches % accumulate, accumulate)
    const { images } = batch
    for (const [module, mode] of this.#modes) module.training = mode
    const training = await programs.training({
      ...this.#graph,
      input: images.shape,
      loss: lossFor(loss, batch),
      microBatch
    })
    const target = targetTensor(batch, training.target, training.classes, loss.ignoreIndex)
    const learningRate = schedule?.(steps, optimizer.learningRate) ?? optimizer.learningRate
    const inputs = {
      [PORTS.images]: images,
      [PORTS.target]: target,
      ...(microBatch === 'last' ? this.#scalars(learningRate) : {}),
      ...this.#noise(training)
    }
    const results = await training.program.run(inputs, { state, transfer })
    const result = this.#resultOf(results, training, batch, { learningRate, microBatch })
    this.count = { steps: result.step, batches: batches + 1 }
    return result
  }

  #scalars(learningRate: number): Record<string, Tensor> {
    const scalars = Object.entries(this.#options.optimizer.scalars(this.count.steps + 1))
    return {
      [PORTS.learningRate]: scalarTensor(learningRate),
      ...Object.fromEntries(scalars.map(([name, value]) => [scalarPort(name), scalarTensor(value)]))
    }
  }

  /** Random numbers that depend only on the batch's position, so that a resumed run repeats them. */
  #noise({ noise }: Training): Record<string, Tensor> {
    const { seed = 0 } = this.#options
    return noiseTensors(noise, i => deriveSeed(seed, this.count.batches, i))
  }

  #resultOf(
    results: NamedTensors,
    { trained, classes }: Training,
    batch: Batch,
    { learningRate, microBatch }: { learningRate: number; microBatch: MicroBatch }
  ): StepResult {
    const loss = Number(results[PORTS.loss].data[0])
    const norms = Array.from(results[PORTS.gradientNorms].data, Number)
    const step = this.count.steps + 1
    const updated = microBatch === 'last'
    const sums = updated ? Array.from(results[PORTS.nextSums].data, Number) : []
    if (![loss, ...norms, ...sums].every(Number.isFinite)) {
      const named = trained.map((parameter, i): NamedGradient => ({ parameter, norm: norms[i] }))
      const weights = trained.filter((_, i) => updated && !Number.isFinite(sums[i]))
      throw new NonFiniteError({ step, loss, largest: largestOf(named), weights, paths: batch.paths ?? [] })
    }
    const output = results[PORTS.output]
    const pairs = foundClasses(output, batch, classes, this.#engine.loss.ignoreIndex) ?? []
    const correct = pairs.filter(({ label, found }) => label === found)
    return {
      step: updated ? step : this.count.steps,
      loss,
      accuracy: pairs.length === 0 ? undefined : correct.length / pairs.length,
      labelled: pairs.length,
      learningRate,
      gradientNorm: Math.hypot(...norms),
      gradientNorms: new Map(trained.map((parameter, i) => [parameter, norms[i]])),
      output,
      updated
    }
  }
}

function microBatchOf(place: number, count: number): MicroBatch {
  if (place === count - 1) return 'last'
  return place === 0 ? 'first' : 'middle'
}

function scalarTensor(value: number): Tensor<'float32'> {
  return new Tensor(Float32Array.of(value), [], 'float32')
}

function largestOf(gradients: readonly NamedGradient[]): NamedGradient | undefined {
  const size = ({ norm }: NamedGradient): number => (Number.isFinite(norm) ? norm : Infinity)
  return gradients.reduce<NamedGradient | undefined>(
    (largest, gradient) => (largest && size(largest) >= size(gradient) ? largest : gradient),
    undefined
  )
}

/**
 * Uniform noise in [0, 1) for a graph's noise inputs.
 * @param seedOf a seed for each input.
 */
export function noiseTensors(
  noise: readonly Value[],
  seedOf: (index: number) => number
): Record<string, Tensor> {
  return Object.fromEntries(
    noise.map(({ shape, origin }, i) => {
      const sizes = shape.map(Number)
      const numbers = new RandomGenerator(seedOf(i)).uniform(sizeOf(sizes))
      return [origin.kind === 'input' ? origin.name : '', new Tensor(numbers, sizes, 'float32')]
    })
  )
}
