// The training loop: epochs of batches, each followed by a validation. It can stop and resume between any two batches.
import {
  aBoolean,
  aFunction,
  anObject,
  checkArguments,
  checkOptions,
  instanceOf,
  required,
  wholeNumber,
  type OptionsOf
} from '../base/options.js'
import type { EpochRecord } from './record/record.js'
import { checkedPosition, startOfEpoch, type TrainingPosition } from './position.js'
import type { Batch } from './step/batch.js'
import type { Evaluated } from './evaluate.js'
import type { StepResult } from './step/step.js'
import { NonFiniteError, TrainError } from './train-error.js'
import type { Trainer } from './trainer.js'

/** A source of batches, such as a loader. */
export interface BatchSource {
  /** Batches per epoch. */
  readonly length: number
  /** Whether each batch's memory may be transferred to the engine instead of copied; default false. */
  readonly transferable?: boolean
  /** The batches of an epoch, from 0; deterministic. */
  epoch(
    index: number,
    options?: { readonly from?: number; readonly signal?: AbortSignal }
  ): AsyncIterable<Batch> | Iterable<Batch>
}

/** Progress after a batch. */
export interface FitProgress {
  readonly epochs: number
  readonly batches: number
  readonly position: TrainingPosition
  readonly result: StepResult
}

// By a member, so that wrapped or simulated ones are accepted too.
const LOADER = anObject<BatchSource>('a loader such as createLoader(dataset, { batchSize: 32 })', 'epoch')
const TRAINER = anObject<Trainer>('a trainer as createTrainer makes', 'accumulate')

const OPTIONS = {
  train: required(LOADER),
  /** Measured after every epoch. */
  validation: LOADER,
  epochs: required(wholeNumber(0)),
  /** Where to resume; default the start. */
  from: anObject<TrainingPosition>(),
  /** Validate with the moving average of the weights; default false. */
  averaged: aBoolean,
  /** Stops after the current batch. */
  signal: instanceOf(AbortSignal),
  onBatch: aFunction<(progress: FitProgress) => void | Promise<void>>(),
  onEpoch:
    aFunction<
      (record: EpochRecord, next: TrainingPosition, measured: Evaluated | undefined) => void | Promise<void>
    >()
}

/** Options of `fit`. */
export interface FitOptions extends OptionsOf<typeof OPTIONS> {}

/** The result of `fit`. */
export interface FitResult {
  /** The epochs that ended in this call. */
  readonly epochs: readonly EpochRecord[]
  /** Where to resume. */
  readonly position: TrainingPosition
  /** False if stopped by the signal. */
  readonly finished: boolean
}

/**
 * Trains over epochs. With accumulation, an epoch's incomplete step is carried over to the next epoch, or to a longer run.
 * @throws TrainError when the run has too few batches for a single step.
 * @throws NonFiniteError when training diverges; the weights are those before the step. Also when a validation loss is not
 * finite, after which `onEpoch` is not called.
 * @example
 * const net = cifar_resnet8({ numClasses: 10, inChannels: 1 })
 * const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }) })
 * const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()] })
 * await fit(trainer, { train, epochs: 1, onEpoch: ({ train }) => console.log(train.loss) })
 */
export async function fit(trainer: Trainer, options: FitOptions): Promise<FitResult> {
  checkOptions('fit', options, OPTIONS)
  checkArguments('fit', { trainer }, { trainer: TRAINER })
  const { train, validation, epochs, signal } = options
  checkArguments('fit: train', { length: train.length }, { length: wholeNumber(0) })
  checkSteps(trainer, options)
  const records: EpochRecord[] = []
  // Layers' weights are the parameters of two or more dimensions.
  const weights = new Set(
    Array.from(trainer.net.namedParameters()).flatMap(([name, { shape }]) => (shape.length > 1 ? [name] : []))
  )
  let position = options.from === undefined ? startOfEpoch(0) : checkedPosition(options.from)
  while (position.epoch < epochs && signal?.aborted !== true) {
    const reached = await fitEpoch(trainer, options, weights, position)
    const isWhole = reached.batch >= train.length && !isStopped(signal)
    const measured = isWhole ? validation && (await measure(trainer, validation, options)) : 'stopped'
    // An epoch that is not validated to the end is not over: resuming repeats its validation.
    if (measured === 'stopped') return { epochs: records, position: reached, finished: false }
    if (measured && !Number.isFinite(measured.loss)) {
      const nothing = { largest: undefined, weights: [], paths: [] }
      throw new NonFiniteError({ step: trainer.steps, loss: measured.loss, ...nothing, during: 'validation' })
    }
    const record = recordOf(trainer, reached, measured)
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

/** Evaluates a trainer over a source's first epoch, unless the signal comes before the end. */
export async function measure(
  trainer: Trainer,
  validation: BatchSource,
  { averaged, signal }: Pick<FitOptions, 'averaged' | 'signal'>
): Promise<Evaluated | 'stopped'> {
  try {
    return await trainer.evaluate(validation.epoch(0, { ...(signal && { signal }) }), { averaged, signal })
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return 'stopped'
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
  const started = performance.now()
  for await (const batch of train.epoch(from.epoch, { from: from.batch, ...(signal && { signal }) })) {
    const images = batch.images.shape[0]
    const result = await trainer.step(batch, { transfer: train.transferable === true })
    position = {
      epoch: position.epoch,
      batch: (batch.place ?? position.batch) + 1,
      images: position.images + images,
      loss: position.loss + result.loss * images,
      correct: position.correct + (result.accuracy ?? 0) * result.labelled,
      labelled: position.labelled + result.labelled,
      seconds: from.seconds + (performance.now() - started) / 1000,
      learningRate: result.learningRate,
      gradientNorms: Object.fromEntries([...result.gradientNorms].filter(([name]) => weights.has(name)))
    }
    await onBatch?.({ epochs, batches: train.length, position, result })
    if (isStopped(signal)) break
  }
  // A source that skips corrupt images may yield fewer batches than announced.
  return isStopped(signal) ? position : { ...position, batch: train.length }
}

function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function recordOf(
  trainer: Trainer,
  position: TrainingPosition,
  measured: Evaluated | undefined
): EpochRecord {
  const { epoch, images, loss, correct, labelled, seconds, learningRate, gradientNorms } = position
  return {
    epoch: epoch + 1,
    step: trainer.steps,
    learningRate,
    train: { loss: loss / images, accuracy: correct / labelled },
    ...(measured && { validation: { loss: measured.loss, accuracy: measured.accuracy ?? NaN } }),
    seconds,
    imagesPerSecond: images / seconds,
    gradientNorms
  }
}
