// The loop: epochs of batches, a measurement after each. It can stop between any two batches and go on from there.
import {
  aBoolean,
  aFunction,
  anObject,
  checkOptions,
  instanceOf,
  required,
  wholeNumber,
  type Checks
} from '../base/options.js'
import type { EpochRecord, Metrics } from './record.js'
import type { Batch } from './batch.js'
import type { Evaluated } from './evaluator.js'
import type { StepResult } from './step.js'
import { TrainError } from './train-error.js'
import type { Trainer } from './trainer.js'

/** Where batches come from; a loader is one. */
export interface BatchSource {
  /** Batches an epoch. */
  readonly length: number
  /**
   * Whether each batch is new and used once, so that its memory can be transferred to the engine instead of copied.
   * Default false.
   */
  readonly transferable?: boolean
  /** The batches of an epoch, counted from 0; always the same for the same epoch. */
  epoch(
    index: number,
    options?: { readonly from?: number; readonly signal?: AbortSignal }
  ): AsyncIterable<Batch> | Iterable<Batch>
}

/** A place between two batches, and what the epoch has shown up to there. */
export interface TrainingPosition {
  /** From 0. */
  readonly epoch: number
  /** Batches of it that are done. */
  readonly batch: number
  readonly images: number
  /** Added up over images. */
  readonly loss: number
  /** Of the images that have a class for a label, those whose class was found. */
  readonly correct: number
  readonly labelled: number
  /** Spent on the epoch. */
  readonly seconds: number
  readonly learningRate: number
  /** `‖g‖₂` of each layer's weights in the last batch. */
  readonly gradientNorms: Readonly<Record<string, number>>
}

/** The start of an epoch. */
export function startOfEpoch(epoch: number): TrainingPosition {
  return {
    epoch,
    batch: 0,
    images: 0,
    loss: 0,
    correct: 0,
    labelled: 0,
    seconds: 0,
    learningRate: 0,
    gradientNorms: {}
  }
}

/** What has happened so far, after a batch. */
export interface FitProgress {
  readonly epochs: number
  readonly batches: number
  readonly position: TrainingPosition
  readonly result: StepResult
}

/** How a network is trained over epochs. */
export interface FitOptions {
  readonly train: BatchSource
  /** Measured after every epoch. */
  readonly validation?: BatchSource
  readonly epochs: number
  /** Where to go on; default the start. */
  readonly from?: TrainingPosition
  /** Measure the moving average of the weights instead of the weights; default false. */
  readonly averaged?: boolean
  /** Stops after the batch that is under way, be it trained on or measured. */
  readonly signal?: AbortSignal
  readonly onBatch?: (progress: FitProgress) => void | Promise<void>
  readonly onEpoch?: (
    record: EpochRecord,
    next: TrainingPosition,
    measured: Evaluated | undefined
  ) => void | Promise<void>
}

const OPTIONS: Checks<FitOptions> = {
  train: required(anObject('a loader')),
  validation: anObject('a loader'),
  epochs: required(wholeNumber(0)),
  from: anObject(),
  averaged: aBoolean,
  signal: instanceOf(AbortSignal),
  onBatch: aFunction(),
  onEpoch: aFunction()
}

/** How a loop ended. */
export interface FitResult {
  /** Of the epochs that ended in this call. */
  readonly epochs: readonly EpochRecord[]
  /** Where to go on. */
  readonly position: TrainingPosition
  /** False when a signal stopped it. */
  readonly finished: boolean
}

/**
 * Trains over epochs. Where a trainer accumulates, batches that make no whole step at the end of an epoch are carried
 * into the next; those at the end of the last stay put aside, and a longer run goes on with them.
 * @throws TrainError when the whole run has fewer batches than make a step.
 * @throws NonFiniteError when training breaks down; the weights are those before the step.
 * @example
 * const net = cifar_resnet8({ numClasses: 10, inChannels: 1 })
 * const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }) })
 * const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()] })
 * await fit(trainer, { train, epochs: 1, onEpoch: ({ train }) => console.log(train.loss) })
 */
export async function fit(trainer: Trainer, options: FitOptions): Promise<FitResult> {
  checkOptions('fit', options, OPTIONS)
  const { train, validation, epochs, signal, averaged = false } = options
  checkSteps(trainer, options)
  const records: EpochRecord[] = []
  const weights = weightNames(trainer)
  let position = options.from ?? startOfEpoch(0)
  while (position.epoch < epochs && signal?.aborted !== true) {
    const reached = await fitEpoch(trainer, options, weights, position)
    // A signal may come with an epoch's last batch: the epoch is over then, but not yet measured.
    if (reached.batch < train.length || isStopped(signal)) {
      return { epochs: records, position: reached, finished: false }
    }
    const measured = validation && (await measure(trainer, validation, { averaged, signal }))
    // A partial measurement is discarded: resuming from here measures again.
    if (measured === 'stopped') return { epochs: records, position: reached, finished: false }
    const record = recordOf(
      trainer,
      reached,
      measured && { loss: measured.loss, accuracy: measured.accuracy ?? NaN }
    )
    records.push(record)
    position = startOfEpoch(position.epoch + 1)
    await options.onEpoch?.(record, position, measured)
  }
  return { epochs: records, position, finished: position.epoch >= epochs }
}

/** @throws TrainError for a run that would end before its first step. */
function checkSteps({ accumulate }: Trainer, { train, epochs }: FitOptions): void {
  const batches = train.length * epochs
  if (accumulate === 1 || batches >= accumulate) return
  throw new TrainError(
    `accumulate: ${accumulate} batches make one step, but the run has ${batches} (${train.length} an epoch, epochs: ${epochs}), so it would never update the weights`
  )
}

async function measure(
  trainer: Trainer,
  validation: BatchSource,
  { averaged, signal }: { readonly averaged: boolean; readonly signal: AbortSignal | undefined }
): Promise<Evaluated | 'stopped'> {
  if (!signal) return trainer.evaluate(validation.epoch(0), { averaged })
  try {
    return await trainer.evaluate(validation.epoch(0, { signal }), { averaged, signal })
  } catch (error) {
    if (signal.aborted && error === signal.reason) return 'stopped'
    throw error
  }
}

async function fitEpoch(
  trainer: Trainer,
  options: FitOptions,
  weights: ReadonlySet<string>,
  from: TrainingPosition
): Promise<TrainingPosition> {
  const { train, epochs, signal, onBatch } = options
  let position = from
  if (position.batch >= train.length) return position
  const before = from.seconds
  const started = performance.now()
  for await (const batch of train.epoch(from.epoch, { from: from.batch, ...(signal ? { signal } : {}) })) {
    const images = batch.images.shape[0]
    const result = await trainer.step(batch, { transfer: train.transferable === true })
    position = {
      epoch: position.epoch,
      batch: (batch.place ?? position.batch) + 1,
      images: position.images + images,
      loss: position.loss + result.loss * images,
      correct: position.correct + (result.accuracy ?? 0) * result.labelled,
      labelled: position.labelled + result.labelled,
      seconds: before + (performance.now() - started) / 1000,
      learningRate: result.learningRate,
      gradientNorms: Object.fromEntries([...result.gradientNorms].filter(([name]) => weights.has(name)))
    }
    await onBatch?.({ epochs, batches: train.length, position, result })
    if (isStopped(signal)) break
  }
  // A source that skips broken images may yield fewer batches than announced.
  return isStopped(signal) ? position : { ...position, batch: train.length }
}

/** The parameters that are weights of layers: biases and normalisations, of one dimension, are left out. */
function weightNames({ net }: Trainer): ReadonlySet<string> {
  return new Set(
    Array.from(net.namedParameters()).flatMap(([name, { shape }]) => (shape.length > 1 ? [name] : []))
  )
}

function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function recordOf(
  trainer: Trainer,
  position: TrainingPosition,
  validation: Metrics | undefined
): EpochRecord {
  const { epoch, images, loss, correct, labelled, seconds, learningRate, gradientNorms } = position
  return {
    epoch: epoch + 1,
    step: trainer.steps,
    learningRate,
    train: { loss: loss / images, accuracy: correct / labelled },
    ...(validation ? { validation } : {}),
    seconds,
    imagesPerSecond: images / seconds,
    gradientNorms
  }
}
