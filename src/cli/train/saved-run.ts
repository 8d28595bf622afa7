// The run that a folder holds already, and whether it is the one to go on with.
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { CheckpointError } from '../../networks/network-error.js'
import { readCheckpoint, trainerState, type Checkpoint, type RunProgress } from '../../train/checkpoint.js'
import { TrainError } from '../../train/train-error.js'
import type { Trainer } from '../../train/trainer.js'
import { say } from '../terminal/moving-line.js'
import type { RunFolder } from './run-folder.js'
import { differences, type RunSettings, type TrainOptions } from './run-settings.js'

/** What is found in a run's folder. */
export interface FoundRun {
  /** Whether there is a checkpoint, wanted or not. */
  readonly exists: boolean
  /** The one to go on from. */
  readonly saved: (Checkpoint & { readonly progress: RunProgress }) | undefined
}

/**
 * Looks for the checkpoint to go on from, if that is what was asked for.
 * @throws CheckpointError when it is another run's, or when one would be overwritten that nobody gave up.
 */
export async function findRun(
  folder: RunFolder,
  now: { readonly settings: RunSettings; readonly network: CheckpointNetwork },
  { resume, overwrite }: Pick<TrainOptions, 'resume' | 'overwrite'>
): Promise<FoundRun> {
  const exists = await folder.holdsRun()
  if (!exists && resume) {
    // A run may have been stopped before its first checkpoint.
    say(`${folder.path} holds no checkpoint to go on from: starting at the beginning`)
  }
  if (exists && !resume && !overwrite) {
    throw new CheckpointError(
      folder.path,
      'holds a run already; --resume goes on with it, --overwrite starts anew, --out names another folder'
    )
  }
  if (!exists || !resume) return { exists, saved: undefined }
  const checkpoint = await readCheckpoint(folder.last)
  const { progress } = checkpoint
  if (!progress) throw new CheckpointError(folder.last, 'holds a network, but no run that could be resumed')
  const saved = { ...checkpoint, progress }
  const faults = await differences({ saved, settings: now.settings, classes: now.network.classes })
  if (faults.length > 0) throw new CheckpointError(folder.last, `is of another run: ${faults.join('; ')}`)
  return { exists, saved }
}

/**
 * Brings a trainer where a checkpoint stands.
 * @throws CheckpointError when the checkpoint is damaged, or another network's.
 */
export async function restoreTrainer(
  trainer: Pick<Trainer, 'restore'>,
  checkpoint: Checkpoint,
  path: string
): Promise<void> {
  await trainer.restore(trainerState(checkpoint)).catch((error: unknown) => {
    if (!(error instanceof TrainError)) throw error
    throw new CheckpointError(path, error.message, { cause: error })
  })
}
