// How a gradient gets through a network while it learns: a training run that writes down, step by step, the loss, how
// long each layer's gradient is, and how much each residual block adds to what it is given.
import {
  aFunction,
  anObject,
  checkOptions,
  instanceOf,
  positiveInteger,
  required,
  type Checks
} from '../../base/options.js'
import { engineFor } from '../../compile/shared-engines.js'
import type { Module } from '../../nn/module.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import type { BatchSource } from '../../train/fit.js'
import type { StepResult } from '../../train/step.js'
import { NonFiniteError, TrainError } from '../../train/train-error.js'
import { createTrainer, type Trainer } from '../../train/trainer.js'
import { TRAINER_OPTIONS, type TrainerOptions } from '../../train/trainer-options.js'
import { findLayers, type FlowLayer } from './flow-graph.js'
import { forwardGraph, openProbe, type BranchNorms } from './flow-probe.js'

/** What is written down of the weights at one time. */
export interface FlowSample {
  /** Steps made before. */
  readonly after: number
  /** `‖g‖₂` of each layer's weight, of the batch that the next step is made with; as many as there are layers. */
  readonly gradients: readonly number[]
  /** Of each residual block, on images that are the same at all times; as many as there are blocks. */
  readonly blocks: readonly BranchNorms[]
}

/** How well a network did on images that were held out. */
export interface FlowMeasurement {
  /** Steps made before. */
  readonly after: number
  readonly loss: number
  /** A share, 0 … 1; null where labels are not classes. */
  readonly accuracy: number | null
}

/** A training run as it was written down: plain data. */
export interface GradientFlow {
  readonly parameters: number
  /** From the first to the last. */
  readonly layers: readonly FlowLayer[]
  /** The names of the residual blocks, from the first to the last. */
  readonly blocks: readonly string[]
  /** Of the batch of each step that was made. */
  readonly losses: readonly number[]
  readonly samples: readonly FlowSample[]
  readonly heldOut: readonly FlowMeasurement[]
  /** Whether it came to its end, was stopped, or broke down: a loss, gradient or weight was not finite. */
  readonly ended: 'finished' | 'stopped' | 'broken'
  /** How it broke down. */
  readonly fault?: string
}

/** A step that was made. */
export interface FlowProgress {
  /** Steps made, this one included. */
  readonly step: number
  /** How many there will be. */
  readonly steps: number
  readonly result: StepResult
}

/** How a network is trained while it is watched. */
export interface GradientFlowOptions extends Omit<TrainerOptions, 'accumulate'> {
  readonly train: BatchSource
  /** Measured after every epoch, and at the end. */
  readonly heldOut?: BatchSource
  /** How often to go through the data; default 1. */
  readonly epochs?: number
  /** Ends after so many steps, even within an epoch; default none but the epochs'. */
  readonly steps?: number
  /** A sample is taken before every so many steps, and before the last; default so that there are about 60. */
  readonly every?: number
  /** The images on which blocks are measured; default the first batch. Shape: (N, C, H, W). */
  readonly probe?: Tensor
  /** Stops after the batch that is under way; what was written down so far is kept. */
  readonly signal?: AbortSignal
  readonly onStep?: (progress: FlowProgress) => void
}

const { accumulate: _, ...TRAINING_OPTIONS } = TRAINER_OPTIONS

/** What those must be. */
export const FLOW_OPTIONS: Checks<GradientFlowOptions> = {
  ...TRAINING_OPTIONS,
  train: required(anObject('a loader')),
  heldOut: anObject('a loader'),
  epochs: positiveInteger,
  steps: positiveInteger,
  every: positiveInteger,
  probe: instanceOf<Tensor>(Tensor),
  signal: instanceOf(AbortSignal),
  onStep: aFunction()
}

/** What a page can show of a run, and an eye can follow. */
const WANTED_SAMPLES = 60

/**
 * Trains a network and writes down how the gradient gets through it. The network is trained afterwards.
 *
 * Gradients are those that the steps are made of. Blocks are found in the network's graph, whoever wrote it, and
 * measured as a step computes them: in training mode, batch normalisation by the statistics of the batch.
 * @throws TrainError when there are no batches, or an option is out of range.
 * @example
 * const net = cifar_resnet8({ inChannels: 1, zeroInitResidual: true })
 * const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
 * const flow = await recordGradientFlow(net, { train, steps: 2, optimizer: sgd({ lr: 0.1, momentum: 0.9 }) })
 * flow.blocks // ['layer1.0', 'layer2.0', 'layer3.0']
 * flow.samples[0].blocks[0].ratio // 0
 */
export async function recordGradientFlow(net: Module, options: GradientFlowOptions): Promise<GradientFlow> {
  checkOptions('recordGradientFlow', options, FLOW_OPTIONS)
  const {
    train,
    heldOut: source,
    signal,
    onStep,
    probe: given,
    epochs: _,
    steps: __,
    every: ___,
    ...training
  } = options
  const { seed = 0 } = training
  const { epochs, steps, every } = plannedSteps(options)
  const engine = engineFor(options)
  const images = given ?? (await firstImages(train))
  await using trainer = await createTrainer(net, { ...training, engine })
  await using probe = await openProbe(net, images, { engine, seed })
  const layers = findLayers(forwardGraph(net, images.shape).graph, net)
  const losses: number[] = []
  const samples: FlowSample[] = []
  const heldOut: FlowMeasurement[] = []
  const isStopped = (): boolean => signal?.aborted === true
  let fault: string | undefined

  try {
    for (let epoch = 0; epoch < epochs && losses.length < steps && !isStopped(); epoch++) {
      for await (const batch of train.epoch(epoch, signal ? { signal } : {})) {
        const after = losses.length
        const isSampled = after % every === 0 || after === steps - 1
        if (isSampled && probe.blocks.length > 0) await trainer.stateDict()
        const blocks = isSampled ? await probe.measure() : []
        const result = await trainer.step(batch, { transfer: train.transferable === true })
        losses.push(result.loss)
        if (isSampled) {
          const gradients = layers.map(({ parameter }) => result.gradientNorms.get(parameter) ?? 0)
          samples.push({ after, gradients, blocks })
        }
        onStep?.({ step: result.step, steps, result })
        if (losses.length === steps || isStopped()) break
      }
      const measured = source && !isStopped() && (await measure(trainer, source, signal))
      if (measured) heldOut.push({ after: losses.length, ...measured })
    }
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error
    fault = error.message
  }
  await trainer.stateDict()
  return {
    parameters: [...net.parameters()].reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    layers,
    blocks: probe.blocks,
    losses,
    samples,
    heldOut,
    ended: fault === undefined ? (isStopped() ? 'stopped' : 'finished') : 'broken',
    ...(fault === undefined ? {} : { fault })
  }
}

/**
 * How long a run is.
 * @throws TrainError when an option is out of range.
 */
export function plannedSteps({
  train,
  epochs,
  steps,
  every
}: Pick<GradientFlowOptions, 'train' | 'epochs' | 'steps' | 'every'>): {
  readonly epochs: number
  readonly steps: number
  readonly every: number
} {
  if (train.length === 0) throw new TrainError('gradient flow: there are no batches to train on')
  const inEpochs = (epochs ?? (steps === undefined ? 1 : Math.ceil(steps / train.length))) * train.length
  const all = Math.min(inEpochs, steps ?? Infinity)
  return {
    epochs: inEpochs / train.length,
    steps: all,
    every: every ?? Math.max(1, Math.round(all / WANTED_SAMPLES))
  }
}

/**
 * The images of the first batch.
 * @throws TrainError when there is none.
 */
export async function firstImages(train: BatchSource): Promise<Tensor> {
  for await (const { images } of train.epoch(0)) return images
  throw new TrainError('gradient flow: there are no batches to train on')
}

async function measure(
  trainer: Trainer,
  source: BatchSource,
  signal: AbortSignal | undefined
): Promise<Omit<FlowMeasurement, 'after'> | undefined> {
  const options = signal ? { signal } : {}
  try {
    const { loss, accuracy = null } = await trainer.evaluate(source.epoch(0, options), options)
    return { loss, accuracy }
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined
    throw error
  }
}
