// A training step: feeds a batch, runs the program and reads the results.
import { checkArguments, numberFrom } from '../../base/options.js'
import type { Modes } from '../../nn/trace/trace.js'
import type { ParameterSettings } from '../../optim/parameter-groups.js'
import type { NamedTensors } from '../../runtime/engine.js'
import { deriveSeed, RandomGenerator } from '../../tensor/random/generator.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import type { Value } from '../../ir/ops.js'
import { foundClasses, foundLabels, isRight, lossFor, targetTensor, type Batch } from './batch.js'
import type { Measurable } from '../evaluate.js'
import type { Training } from './programs.js'
import { NonFiniteError, type NamedGradient } from '../train-error.js'
import type { TrainerOptions } from '../trainer-options.js'
import type { TrainerState } from '../trainer-state.js'
import { PORTS, scalarPort } from './ports.js'
import type { MicroBatch } from './training-graph.js'
import { ema } from '../../optim/building-blocks.js'

/** The result of training on a batch. */
export interface StepResult {
  /** Steps done, this one included. */
  readonly step: number
  readonly loss: number
  /** Share of correctly classified images, without ignored ones, as in `Evaluated`. */
  readonly accuracy: number | undefined
  /** Images that count for the accuracy. */
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

export interface Stepper {
  /** Steps made and batches seen. */
  count: Pick<TrainerState, 'steps' | 'batches'>
  /** @throws NonFiniteError when the loss, a gradient or a new weight is not finite; then the state is unchanged. */
  step(batch: Batch, modes: Modes, transfer: boolean): Promise<StepResult>
}

export function stepperOf(
  options: TrainerOptions,
  settings: ReadonlyMap<string, ParameterSettings>,
  { programs, state, loss }: Measurable
): Stepper {
  const { optimizer, schedule, clipNorm, accumulate = 1, seed = 0 } = options
  const { ignoreIndex } = loss
  const graph = { optimizer, settings, clipNorm, accumulate, average: options.ema && ema(options.ema) }
  return {
    count: { steps: 0, batches: 0 },
    async step(batch, modes, transfer) {
      const { steps, batches } = this.count
      const microBatch = microBatchOf(batches % accumulate, accumulate)
      const { images } = batch
      const form = { input: images.shape, loss: lossFor(loss, batch), microBatch }
      const training = await programs.training({ ...graph, ...form }, modes)
      const { program, classes, noise } = training
      const learningRate = schedule?.(steps, optimizer.learningRate) ?? optimizer.learningRate
      checkArguments('schedule', { [`step ${steps}`]: learningRate }, { [`step ${steps}`]: numberFrom(0) })
      const scalars = Object.entries(optimizer.scalars(steps + 1)).map(
        ([name, value]) => [scalarPort(name), scalarTensor(value)] as const
      )
      const inputs = {
        [PORTS.images]: images,
        [PORTS.target]: targetTensor(batch, training.target, classes, ignoreIndex),
        ...(microBatch === 'last' && {
          [PORTS.learningRate]: scalarTensor(learningRate),
          ...Object.fromEntries(scalars)
        }),
        // Random numbers depend only on the batch's position, so that a resumed run repeats them.
        ...noiseTensors(noise, i => deriveSeed(seed, batches, i))
      }
      const results = await program.run(inputs, { state, transfer })
      const updated = microBatch === 'last'
      const figures = finiteFigures(results, training.trained, { step: steps + 1, updated, batch })
      const output = results[PORTS.output]
      const pairs = foundClasses(output, batch, classes, ignoreIndex)?.map(pair => [pair])
      const judged = pairs ?? foundLabels(output, batch, training.target) ?? []
      const step = updated ? steps + 1 : steps
      this.count = { steps: step, batches: batches + 1 }
      const labelled = judged.length
      const accuracy = labelled === 0 ? undefined : judged.filter(isRight).length / labelled
      return { step, ...figures, accuracy, labelled, learningRate, output, updated }
    }
  }
}

/** Loss and gradient norms. @throws NonFiniteError when one of them, or a new weight, is not finite. */
function finiteFigures(
  results: NamedTensors,
  trained: Training['trained'],
  { step, updated, batch }: { step: number; updated: boolean; batch: Batch }
): Pick<StepResult, 'loss' | 'gradientNorm' | 'gradientNorms'> {
  const loss = Number(results[PORTS.loss].data[0])
  const norms = Array.from(results[PORTS.gradientNorms].data, Number)
  const sums = updated ? Array.from(results[PORTS.nextSums].data, Number) : []
  if (![loss, ...norms, ...sums].every(Number.isFinite)) {
    const size = ({ norm }: NamedGradient): number => (Number.isFinite(norm) ? norm : Number.MAX_VALUE)
    const named = trained.map((parameter, i): NamedGradient => ({ parameter, norm: norms[i] }))
    const largest = named.toSorted((a, b) => size(b) - size(a)).at(0)
    const weights = trained.filter((_, i) => updated && !Number.isFinite(sums[i]))
    throw new NonFiniteError({ step, loss, largest, weights, paths: batch.paths ?? [] })
  }
  const gradientNorms = new Map(trained.map((parameter, i) => [parameter, norms[i]]))
  return { loss, gradientNorm: Math.hypot(...norms), gradientNorms }
}

function microBatchOf(place: number, count: number): MicroBatch {
  if (place === count - 1) return 'last'
  return place === 0 ? 'first' : 'middle'
}

function scalarTensor(value: number): Tensor<'float32'> {
  return new Tensor(Float32Array.of(value), [], 'float32')
}

/** Uniform noise in [0, 1) for a graph's noise inputs. */
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
