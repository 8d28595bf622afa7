// Records a training run: losses, each layer's gradient norm, and each residual block's share of its output.
import {
  aFunction,
  anObject,
  instanceOf,
  positiveInteger,
  required,
  type OptionsOf
} from '../../base/options.js'
import { engineFor } from '../../compile/shared-engines.js'
import { checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import { measure, type BatchSource } from '../../train/fit.js'
import type { StepResult } from '../../train/step/step.js'
import { NonFiniteError, TrainError } from '../../train/train-error.js'
import { createTrainer } from '../../train/trainer.js'
import { TRAINER_OPTIONS } from '../../train/trainer-options.js'
import { findLayers, type FlowLayer } from './flow-graph.js'
import { forwardGraph, openProbe, type BranchNorms } from './flow-probe.js'

/** Gradients and blocks at one step. */
export interface FlowSample {
  /** Steps done before. */
  readonly after: number
  /** `‖g‖₂` of each layer's weight on the next step's batch; one per layer. */
  readonly gradients: readonly number[]
  /** Norms of each residual block on the probe images; one per block. */
  readonly blocks: readonly BranchNorms[]
}

/** A measurement on held-out images. */
export interface FlowMeasurement {
  /** Steps done before. */
  readonly after: number
  readonly loss: number
  /** 0 … 1; null where labels are not classes. */
  readonly accuracy: number | null
  /** How many images; missing in older recordings. */
  readonly images?: number
}

/** A recorded training run: plain data. */
export interface GradientFlow {
  readonly parameters: number
  /** In order of depth. */
  readonly layers: readonly FlowLayer[]
  /** The residual blocks' names, in order. */
  readonly blocks: readonly string[]
  /** One per step. */
  readonly losses: readonly number[]
  readonly samples: readonly FlowSample[]
  readonly heldOut: readonly FlowMeasurement[]
  /** `broken` if a loss, gradient or weight was not finite. */
  readonly ended: 'finished' | 'stopped' | 'broken'
  /** The reason for `broken`. */
  readonly fault?: string
}

export interface FlowProgress {
  /** Steps done, this one included. */
  readonly step: number
  /** Steps in all. */
  readonly steps: number
  readonly result: StepResult
}

const { accumulate: _, ...TRAINING_OPTIONS } = TRAINER_OPTIONS

export const FLOW_OPTIONS = {
  ...TRAINING_OPTIONS,
  train: required(anObject<BatchSource>('a loader')),
  /** Images for a measurement after every epoch and at the end. */
  heldOut: anObject<BatchSource>('a loader'),
  /** Default 1. */
  epochs: positiveInteger,
  /** Stops after this many steps, even within an epoch; default the epochs'. */
  steps: positiveInteger,
  /** Steps between samples; default for about 60 samples. The last step is always sampled. */
  every: positiveInteger,
  /** The images for block norms; default the first batch. Shape: (N, C, H, W). */
  probe: instanceOf<Tensor>(Tensor),
  /** Stops after the current batch and keeps the recording. */
  signal: instanceOf(AbortSignal),
  onStep: aFunction<(progress: FlowProgress) => void>()
}

/** Options of `recordGradientFlow`. */
export interface GradientFlowOptions extends OptionsOf<typeof FLOW_OPTIONS> {}

/** As many as a chart can show. */
const WANTED_SAMPLES = 60

/**
 * Trains a network and records its gradient flow.
 *
 * Gradients are those of the training steps. Blocks are found in the network's graph and measured in training mode, with
 * batch normalisation by the statistics of the batch.
 * @throws TrainError when there are no batches, or an option is out of range.
 * @example
 * const net = cifar_resnet8({ inChannels: 1, zeroInitResidual: true })
 * const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
 * const flow = await recordGradientFlow(net, { train, steps: 2, optimizer: sgd({ lr: 0.1, momentum: 0.9 }) })
 * flow.blocks // ['layer1.0', 'layer2.0', 'layer3.0']
 * flow.samples[0].blocks[0].ratio // 0
 */
export async function recordGradientFlow(net: Module, options: GradientFlowOptions): Promise<GradientFlow> {
  checkNetworkCall('recordGradientFlow', net, options, FLOW_OPTIONS)
  const { train, heldOut: source, signal, onStep, probe: given, ...rest } = options
  const { epochs: _, steps: __, every: ___, ...training } = rest
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
      for await (const batch of train.epoch(epoch, { ...(signal && { signal }) })) {
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
      const measured = source && !isStopped() ? await measure(trainer, source, { signal }) : 'stopped'
      if (measured === 'stopped') continue
      const { loss, accuracy = null, images } = measured
      heldOut.push({ after: losses.length, loss, accuracy, images })
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

type Planned = 'epochs' | 'steps' | 'every'

/** The number of steps of a run. @throws TrainError when there are no batches. */
export function plannedSteps(
  options: Pick<GradientFlowOptions, 'train' | Planned>
): Readonly<Record<Planned, number>> {
  const { train, epochs, steps, every } = options
  if (train.length === 0) throw new TrainError('gradient flow: there are no batches to train on')
  const inEpochs = (epochs ?? (steps === undefined ? 1 : Math.ceil(steps / train.length))) * train.length
  const all = Math.min(inEpochs, steps ?? Infinity)
  return {
    epochs: inEpochs / train.length,
    steps: all,
    every: every ?? Math.max(1, Math.round(all / WANTED_SAMPLES))
  }
}

/** The images of the first batch. @throws TrainError when there is none. */
export async function firstImages(train: BatchSource): Promise<Tensor> {
  for await (const { images } of train.epoch(0)) return images
  throw new TrainError('gradient flow: there are no batches to train on')
}
