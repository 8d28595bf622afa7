import { formatShare } from '../../base/figures.js'
import type { EpochRecord } from '../../train/record.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { networkTensors } from '../../networks/network-tensors.js'
import type { BatchLosses, RunProgress } from '../../train/checkpoint.js'
import type { Evaluated } from '../../train/evaluate.js'
import { startOfEpoch, type TrainingPosition } from '../../train/fit.js'
import type { Trainer } from '../../train/trainer.js'
import type { TrainerState } from '../../train/trainer-state.js'
import type { RunFolder } from './run-folder.js'

/** Batch losses kept for the report. */
const KEPT_LOSSES = 1000

/** The settings of a run. */
export interface RunRecipe {
  readonly settings: Readonly<Record<string, string>>
  /** The data's name in the report. */
  readonly data: string
  /** Seconds between checkpoints. */
  readonly checkpointEvery: number
  /** Whether the folder holds another run, whose results are removed after this one's first checkpoint. */
  readonly replaces: boolean
}

/** A run's results so far, and how they are written. */
export class RunRecord {
  readonly #trainer: Trainer
  readonly #network: CheckpointNetwork
  readonly #folder: RunFolder
  readonly #recipe: RunRecipe
  #epochs: EpochRecord[]
  #best: RunProgress['best']
  #losses: BatchLosses
  #confusion: Evaluated['confusion'] | undefined
  #batches: number
  #saved = performance.now()
  /** The position of the last checkpoint. */
  #savedPosition: TrainingPosition | undefined
  #replaces: boolean
  #hasFailedToWrite = false
  position: TrainingPosition

  constructor(
    trainer: Trainer,
    network: CheckpointNetwork,
    folder: RunFolder,
    recipe: RunRecipe,
    progress: RunProgress | undefined
  ) {
    this.#trainer = trainer
    this.#network = network
    this.#folder = folder
    this.#recipe = recipe
    this.position = progress?.position ?? startOfEpoch(0)
    this.#savedPosition = progress && this.position
    this.#replaces = recipe.replaces
    this.#epochs = [...(progress?.epochs ?? [])]
    this.#best = progress?.best
    this.#batches = progress?.batches ?? 0
    this.#losses = progress?.losses ?? { every: 1, values: [] }
  }

  async afterBatch(position: TrainingPosition, loss: number): Promise<void> {
    this.position = position
    this.#losses = withLoss(this.#losses, this.#batches++, loss)
    const age = (performance.now() - this.#saved) / 1000
    if (age >= this.#recipe.checkpointEvery) await this.save()
  }

  async afterEpoch(
    record: EpochRecord,
    next: TrainingPosition,
    measured: Evaluated | undefined
  ): Promise<void> {
    await this.#writing(async () => {
      const state = await this.#trainer.save()
      // First, so that another run's checkpoint never lies beside this one's results.
      if (this.#replaces) await this.#writeLast(state)
      this.position = next
      this.#epochs.push(record)
      this.#confusion = measured?.confusion
      const accuracy = record.validation?.accuracy ?? record.train.accuracy
      if (!this.#best || accuracy > this.#best.accuracy) {
        this.#best = { epoch: record.epoch, accuracy }
        const tensors = networkTensors(state.tensors)
        await this.#folder.writeBest({ network: this.#network, progress: undefined, tensors })
      }
      // Before the checkpoint: a run killed in between repeats the end of the epoch, but a finished one does nothing.
      await this.#folder.writeReport(this.#report())
      await this.#writeLast(state)
    })
  }

  /** Writes a checkpoint. */
  save(): Promise<void> {
    return this.#writing(async () => this.#writeLast(await this.#trainer.save()))
  }

  /**
   * Saves progress after a failure, if possible.
   * @returns the checkpoint's file.
   */
  async keep(): Promise<string | undefined> {
    // After a failed write, such as on a full disk, do not try again.
    if (this.#hasFailedToWrite || this.#batches === 0) return undefined
    if (this.#savedPosition !== this.position) await this.save()
    return this.#folder.last
  }

  async #writing(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.#hasFailedToWrite = true
      throw error
    }
  }

  async #writeLast({ tensors, steps, batches }: TrainerState): Promise<void> {
    await this.#folder.writeLast({
      network: this.#network,
      tensors,
      progress: {
        settings: this.#recipe.settings,
        position: this.position,
        steps,
        batches,
        epochs: this.#epochs,
        best: this.#best,
        losses: this.#losses
      }
    })
    if (this.#replaces) await this.#folder.removeResults()
    this.#replaces = false
    this.#savedPosition = this.position
    this.#saved = performance.now()
  }

  #report(): Parameters<RunFolder['writeReport']>[0] {
    const { settings, data } = this.#recipe
    return {
      title: `${this.#network.model} on ${data}`,
      command: `resnet ${process.argv.slice(2).join(' ')}`,
      settings,
      epochs: this.#epochs,
      classes: this.#network.classes,
      stepLosses: this.#losses.values,
      ...(this.#confusion ? { confusion: this.#confusion } : {})
    }
  }

  summary(): object {
    return {
      model: this.#network.model,
      epochs: this.#epochs,
      best: this.#best,
      checkpoint: this.#folder.best,
      last: this.#folder.last,
      report: this.#folder.report
    }
  }

  closing(): string {
    const best = this.#best
      ? `best ${formatShare(this.#best.accuracy)} after epoch ${this.#best.epoch}: ${this.#folder.best}\n`
      : ''
    return `${best}report: ${this.#folder.report}`
  }
}

/** Adds a batch's loss; halves the list when it is full. */
function withLoss({ every, values }: BatchLosses, batch: number, loss: number): BatchLosses {
  if (batch % every !== 0) return { every, values }
  const all = [...values, loss]
  return all.length <= KEPT_LOSSES
    ? { every, values: all }
    : { every: 2 * every, values: all.filter((_, i) => i % 2 === 0) }
}
