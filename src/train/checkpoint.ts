// Writing checkpoints, and where a run stands: a `.safetensors` file with the network's tensors under their names in the
// state dict, what the trainer keeps beside them, and, as metadata, what the network is and how far its training is.
import {
  CHECKPOINT_VERSION,
  foreignCheckpoint,
  METADATA_KEY,
  readSavedNetwork,
  type CheckpointNetwork
} from '../networks/checkpoint.js'
import { parseMetricsLines, metricsLine } from './metrics-lines.js'
import type { EpochRecord } from './record.js'
import type { StateDict } from '../tensor/state-dict.js'
import { encodeWeights } from '../weights/encode-weights.js'
import { writeWeights } from '../weights/write-weights.js'
import type { FilePath } from '#platform'
import type { TrainingPosition } from './fit.js'
import type { TrainerState } from './trainer-state.js'

/** The losses of single batches, evenly spaced. */
export interface BatchLosses {
  /** Batches between two of them. */
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
  const about = { version: CHECKPOINT_VERSION, network, progress: stored }
  return { format: 'pt', [METADATA_KEY]: JSON.stringify(about) }
}

/**
 * Reads a checkpoint.
 * @throws CheckpointError when the file holds weights but not what network they are of.
 * @throws WeightsError when it cannot be read.
 */
export async function readCheckpoint(path: FilePath): Promise<Checkpoint> {
  const { network, tensors, progress } = await readSavedNetwork(path)
  return { network, tensors, progress: progress === undefined ? undefined : parseProgress(path, progress) }
}

type StoredProgress = Omit<RunProgress, 'epochs'> & { readonly epochs: readonly string[] }

function parseProgress(path: FilePath, stored: unknown): RunProgress {
  try {
    const progress = stored as StoredProgress
    return { ...progress, epochs: parseMetricsLines(progress.epochs.map(line => `${line}\n`).join('')) }
  } catch {
    throw foreignCheckpoint(path)
  }
}

/** What a trainer goes on from. */
export function trainerState({ tensors, progress }: Checkpoint): TrainerState {
  return {
    tensors,
    steps: progress?.steps ?? 0,
    batches: progress?.batches ?? 0
  }
}
