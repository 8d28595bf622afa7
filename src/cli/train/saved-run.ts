import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { CheckpointError } from '../../networks/network-error.js'
import { readCheckpoint, trainerState, type Checkpoint, type RunProgress } from '../../train/checkpoint.js'
import { TrainError } from '../../train/train-error.js'
import type { Trainer } from '../../train/trainer.js'
import { say } from '../terminal/moving-line.js'
import type { RunFolder } from './run-folder.js'
import { differences, type RunSettings, type TrainOptions } from './run-settings.js'

/** The content of a run's folder. */
export interface FoundRun {
  /** Whether there is a checkpoint. */
  readonly exists: boolean
  /** The checkpoint to resume from. */
  readonly saved: (Checkpoint & { readonly progress: RunProgress }) | undefined
}

/**
 * Loads the checkpoint if the run is to be resumed.
 * @throws CheckpointError when it is another run's, or would be overwritten without --overwrite.
 */
export async function findRun(
  folder: RunFolder,
  now: { readonly settings: RunSettings; readonly network: CheckpointNetwork },
  { resume, overwrite }: Pick<TrainOptions, 'resume' | 'overwrite'>
): Promise<FoundRun> {
  const exists = await folder.holdsRun()
  if (!exists && resume) {
    say(`${folder.path} holds no checkpoint to resume: starting from the beginning`)
  }
  if (exists && !resume && !overwrite) {
    throw new CheckpointError(
      folder.path,
      'already holds a run; --resume continues it, --overwrite starts anew, --out names another folder'
    )
  }
  if (!exists || !resume) return { exists, saved: undefined }
  const checkpoint = await readCheckpoint(folder.last)
  const { progress } = checkpoint
  if (!progress) throw new CheckpointError(folder.last, 'holds a network, but no run to resume')
  const saved = { ...checkpoint, progress }
  const faults = await differences({ saved, settings: now.settings, classes: now.network.classes })
  if (faults.length > 0) throw new CheckpointError(folder.last, `is of another run: ${faults.join('; ')}`)
  return { exists, saved }
}

/**
 * Restores a trainer from a checkpoint.
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
