// Checkpoints: `.safetensors` files with the network's and the trainer's tensors; metadata describes the network and the
// run's progress.
import { checkArguments, wholeNumber } from '../../base/options.js'
import {
  checkedBy,
  dictionary,
  list,
  mismatch,
  optional,
  partOf,
  SchemaError,
  text,
  type Reader
} from '../../base/schema.js'
import {
  CHECKPOINT_VERSION,
  foreignCheckpoint,
  METADATA_KEY,
  readNetwork,
  readSavedNetwork,
  type CheckpointNetwork,
  aCheckpoint
} from '../../networks/checkpoint.js'
import { assertOpens } from '../../networks/assert-opens.js'
import { boundedNames, MOST_UNREADABLE, thinnedHistory } from './history.js'
import {
  measured,
  metricsLine,
  MOST_STEPS,
  numbersAsJson,
  readMetricsLine,
  steps,
  type EpochRecord
} from './record.js'
import { aStateDict, type StateDict } from '../../tensor/state-dict.js'
import { encodeWeights, writeWeights } from '../../weights/write-weights.js'
import { fileName, type FilePath } from '#platform'
import { readPosition, type TrainingPosition } from '../position.js'
import type { TrainerState } from '../trainer-state.js'

/** Evenly spaced batch losses. */
export interface BatchLosses {
  /** Batches from one to the next. */
  readonly every: number
  readonly values: readonly number[]
}

/** A run's progress. */
export interface RunProgress {
  /** The run's settings, which have to be equal on resuming. */
  readonly settings: Readonly<Record<string, string>>
  readonly position: TrainingPosition
  readonly steps: number
  readonly batches: number
  /** Of very long runs every second, fourth, eighth … epoch has its gradient norms, so that the file can hold them. */
  readonly epochs: readonly EpochRecord[]
  readonly best: { readonly epoch: number; readonly accuracy: number } | undefined
  readonly losses: BatchLosses
  /** Pictures that could not be read, by their paths in the data: the first ones, if the file cannot hold all. Older checkpoints lack them. */
  readonly unreadable?: readonly string[]
  /** How many there are, if that is more. */
  readonly unreadableCount?: number
}

/** The content of a checkpoint. */
export interface Checkpoint {
  readonly network: CheckpointNetwork
  /** Set for runs that can be resumed. */
  readonly progress: RunProgress | undefined
  readonly tensors: StateDict
}

/**
 * Writes a checkpoint; an existing one is replaced only once the new one is complete.
 * @throws SchemaError when what it says of the network or the run could not be read again, naming what.
 * @throws WeightsError when it cannot be written.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  checkArguments('writeCheckpoint', { checkpoint }, { checkpoint: aCheckpoint })
  await writeWeights(path, checkpoint.tensors, {
    metadata: aboutOf('writeCheckpoint', checkpoint),
    digest: true
  })
}

/**
 * Encodes a checkpoint as a `.safetensors` file, for pages, which have no paths.
 * @example
 * const options = { numClasses: 10, inChannels: 1, residual: true } as const
 * const network = { model: 'cifar_resnet8', options, classes: [...'0123456789'], transforms: [toTensor()] }
 * const tensors = cifar_resnet8(options).stateDict()
 * const bytes = encodeCheckpoint({ network, progress: undefined, tensors })
 * const read = await readCheckpoint(new Blob([bytes]))
 * read.network.model // 'cifar_resnet8'
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  checkArguments('encodeCheckpoint', { checkpoint }, { checkpoint: aCheckpoint })
  return encodeWeights(checkpoint.tensors, {
    metadata: aboutOf('encodeCheckpoint', checkpoint),
    digest: true
  })
}

/** @throws SchemaError for what could not be read again. */
function aboutOf(owner: string, { network, progress, tensors }: Checkpoint): Record<string, string> {
  checkArguments(owner, { tensors }, { tensors: aStateDict })
  const { classes, options } = readNetwork(network, `${owner}: network`)
  const most = options.numClasses === 1 ? 2 : options.numClasses
  if (classes.length > most) {
    const fault = `names ${classes.length}, but network.options.numClasses is ${options.numClasses}`
    throw new SchemaError(`${owner}: network.classes`, fault)
  }
  assertOpens(owner, network, tensors)
  const stored = progress && storedProgress(progress)
  if (stored) readProgress(stored, `${owner}: progress`)
  const about = { version: CHECKPOINT_VERSION, network, progress: stored }
  return { format: 'pt', [METADATA_KEY]: numbersAsJson(about) }
}

/** Progress as it is written, within what a header holds. */
function storedProgress({ unreadableCount = 0, ...progress }: RunProgress): object {
  const { epochs, unreadable = [] } = progress
  const names = boundedNames(unreadable)
  const count = Math.max(unreadableCount, unreadable.length)
  return {
    ...progress,
    epochs: thinnedHistory(epochs).map(metricsLine),
    ...(unreadable.length > 0 && { unreadable: names }),
    ...(count > names.length && { unreadableCount: count })
  }
}

/**
 * Reads a checkpoint.
 * @throws CheckpointError when the file has weights but no description of their network.
 * @throws WeightsError when it cannot be read.
 */
export async function readCheckpoint(path: FilePath): Promise<Checkpoint> {
  const { network, tensors, progress } = await readSavedNetwork(path)
  return { network, tensors, progress: progress === undefined ? undefined : parseProgress(path, progress) }
}

function parseProgress(path: FilePath, stored: unknown): RunProgress {
  try {
    return readProgress(stored, 'progress')
  } catch (error) {
    throw error instanceof SchemaError ? foreignCheckpoint(fileName(path), error.message) : error
  }
}

const MOST_SETTINGS = 1024
const LONGEST_SETTING = 2 ** 16
const MOST_EPOCHS = 2 ** 20
const MOST_LOSSES = 2 ** 20
const readLine = text(2 ** 24)

const readFields = partOf<RunProgress>({
  settings: dictionary(text(LONGEST_SETTING), MOST_SETTINGS),
  position: readPosition,
  steps,
  batches: steps,
  // As lines of text, for numbers that JSON lacks.
  epochs: list((line, path) => readMetricsLine(readLine(line, path), path), 0, MOST_EPOCHS),
  best: optional(partOf({ epoch: steps, accuracy: measured })),
  losses: partOf<BatchLosses>({
    every: checkedBy(wholeNumber(1, MOST_STEPS)),
    values: list(measured, 0, MOST_LOSSES)
  }),
  unreadable: optional(list(text(LONGEST_SETTING), 0, MOST_UNREADABLE)),
  unreadableCount: optional(steps)
})

const readProgress: Reader<RunProgress> = (value, path) => {
  const progress = readFields(value, path)
  const { steps, batches } = progress
  if (steps > batches) throw mismatch(`${path}.steps`, `no more than the ${batches} batches`, steps)
  return { ...progress, best: progress.best }
}

/** The trainer's state. */
export function trainerState(checkpoint: Checkpoint): TrainerState {
  checkArguments('trainerState', { checkpoint }, { checkpoint: aCheckpoint })
  const { tensors, progress } = checkpoint
  const { steps = 0, batches = 0 } = progress ?? {}
  return { tensors, steps, batches }
}
