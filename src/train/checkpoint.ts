// Checkpoints: a `.safetensors` file with the network's tensors under their names in the state dict, what the trainer
// keeps beside them under names of its own, and, as metadata, what the network is and where its training stands.
import { encodeWeights } from '../weights/encode-weights.js'
import { writeWeights } from '../weights/write-weights.js'
import { readMetadata } from '../weights/read-metadata.js'
import { readWeights } from '../weights/read-weights.js'
import type { Transform } from '../images/augment/pipeline.js'
import { fileName, type FilePath } from '#platform'
import { parseMetricsLines, metricsLine } from './metrics-lines.js'
import type { EpochRecord } from './record.js'
import { PathError } from '../base/errors.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { TrainingPosition } from './fit.js'
import { averagesAmong, isOfNetwork } from './state-names.js'
import type { TrainerState } from './trainer-state.js'

/** A file that is no checkpoint, or another network's. */
export class CheckpointError extends PathError {}

/** Which network a checkpoint is of, and how its images are prepared. */
export interface CheckpointNetwork {
  /** A name from the registry. */
  readonly model: string
  readonly options: {
    readonly numClasses: number
    readonly inChannels: 1 | 3
    readonly residual: boolean
    /** What stands on the shortcuts; nothing where it is the identity. */
    readonly skip?: string
    /** What the bias of gates on them started at, where that was said. */
    readonly gateBias?: number
  }
  /** A name for each output. */
  readonly classes: readonly string[]
  /** From a picture to the network's input, for evaluation. */
  readonly transforms: readonly Transform[]
  /** What it was trained on; the part held back was not. */
  readonly data?: { readonly path: string; readonly holdBack: number; readonly seed: number }
}

/** The losses of single batches, evenly spaced. */
export interface BatchLosses {
  /** Between two of them there are so many batches. */
  readonly every: number
  readonly values: readonly number[]
}

/** Where a run stands. */
export interface RunProgress {
  /** What the run was started with: another run cannot be resumed from here. */
  readonly settings: Readonly<Record<string, string>>
  readonly position: TrainingPosition
  readonly steps: number
  readonly batches: number
  readonly epochs: readonly EpochRecord[]
  readonly best: { readonly epoch: number; readonly accuracy: number } | undefined
  readonly losses: BatchLosses
}

/** All a checkpoint says. */
export interface Checkpoint {
  readonly network: CheckpointNetwork
  /** Of a run that can be resumed. */
  readonly progress: RunProgress | undefined
  readonly tensors: StateDict
}

const KEY = 'resnet-ts'
const VERSION = 1

/**
 * Writes a checkpoint; one that was there before stays whole until the new one is.
 * @throws WeightsError when it cannot be written.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeWeights(path, checkpoint.tensors, { metadata: aboutOf(checkpoint) })
}

/**
 * The bytes of a checkpoint, for a page, which has no paths: a `.safetensors` file to offer as a download.
 * @example
 * const options = { numClasses: 10, inChannels: 1, residual: true } as const
 * const network = { model: 'cifar_resnet8', options, classes: [...'0123456789'], transforms: [toTensor()] }
 * const tensors = cifar_resnet8(options).stateDict()
 * const bytes = encodeCheckpoint({ network, progress: undefined, tensors })
 * const read = await readCheckpoint(new Blob([bytes]))
 * read.network.model // 'cifar_resnet8'
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  return encodeWeights(checkpoint.tensors, { metadata: aboutOf(checkpoint) })
}

/** What stands beside the tensors. */
function aboutOf({ network, progress }: Checkpoint): Record<string, string> {
  // Epochs may hold numbers that JSON does not have.
  const stored = progress && { ...progress, epochs: progress.epochs.map(metricsLine) }
  return { format: 'pt', [KEY]: JSON.stringify({ version: VERSION, network, progress: stored }) }
}

/**
 * Reads a checkpoint.
 * @throws CheckpointError when the file holds weights but not what network they are of.
 * @throws WeightsError when it cannot be read.
 */
export async function readCheckpoint(path: FilePath): Promise<Checkpoint> {
  const { network, progress } = parseAbout(path, (await readMetadata(path)).get(KEY))
  return { network, progress, tensors: await readWeights(path) }
}

type StoredProgress = Omit<RunProgress, 'epochs'> & { readonly epochs: readonly string[] }

function parseAbout(path: FilePath, text: string | undefined): Pick<Checkpoint, 'network' | 'progress'> {
  if (text === undefined) {
    throw new CheckpointError(
      fileName(path),
      'holds weights, but not which model they are of; give --model and --weights instead of --checkpoint'
    )
  }
  try {
    const about = JSON.parse(text) as { version: unknown; network: unknown; progress?: StoredProgress }
    if (about.version === VERSION && isNetwork(about.network)) {
      const { network, progress } = about
      const epochs = progress?.epochs.map(line => `${line}\n`).join('') ?? ''
      return { network, progress: progress && { ...progress, epochs: parseMetricsLines(epochs) } }
    }
  } catch {
    // Said below.
  }
  throw new CheckpointError(fileName(path), 'was not written by this version of the package')
}

function isNetwork(network: unknown): network is CheckpointNetwork {
  if (typeof network !== 'object' || network === null) return false
  const { model, options, classes, transforms } = network as Record<string, unknown>
  return (
    typeof model === 'string' &&
    typeof options === 'object' &&
    options !== null &&
    Array.isArray(classes) &&
    classes.every(name => typeof name === 'string') &&
    Array.isArray(transforms)
  )
}

/** The network's own tensors, averaged where an average was kept. */
export function networkTensors(tensors: StateDict): StateDict {
  const averages = averagesAmong(tensors)
  return new Map(
    Array.from(tensors).flatMap(([name, tensor]) =>
      isOfNetwork(name) ? [[name, averages.get(name) ?? tensor] as const] : []
    )
  )
}

/** What a trainer goes on from. */
export function trainerState({ tensors, progress }: Checkpoint): TrainerState {
  return {
    tensors,
    steps: progress?.steps ?? 0,
    batches: progress?.batches ?? 0
  }
}
