// What a run has come to, kept between batches and written to its folder.
import { formatShare } from '../../base/figures.js'
import type { EpochRecord } from '../../train/record.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { networkTensors } from '../../networks/network-tensors.js'
import type { BatchLosses, RunProgress } from '../../train/checkpoint.js'
import type { Evaluated } from '../../train/evaluator.js'
import { startOfEpoch, type TrainingPosition } from '../../train/fit.js'
import type { Trainer } from '../../train/trainer.js'
import type { TrainerState } from '../../train/trainer-state.js'
import type { RunFolder } from './run-folder.js'

/** So many losses of single batches are kept for the report. */
const KEPT_LOSSES = 1000

/** What a run was started with, and how it is kept. */
export interface RunRecipe {
  readonly settings: Readonly<Record<string, string>>
  /** What the report calls the data. */
  readonly data: string
  /** Seconds between two checkpoints. */
  readonly checkpointEvery: number
  /** Whether the folder holds another run, whose results go once this one's first checkpoint is there. */
  readonly replaces: boolean
}

/** What a run has come to, and what it writes. */
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
  /** Where it stood when it was saved last. */
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
      // Another run's checkpoint must not stand beside this one's results, even if the run is killed here.
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
      // Before the checkpoint: a run killed in between does the epoch's end again, but one that is over does nothing.
      await this.#folder.writeReport(this.#report())
      await this.#writeLast(state)
    })
  }

  /** Writes everything that is needed to go on. */
  save(): Promise<void> {
    return this.#writing(async () => this.#writeLast(await this.#trainer.save()))
  }

  /**
   * After a failure: writes what was trained before it, where that is possible and there is anything.
   * @returns the file that holds it.
   */
  async keep(): Promise<string | undefined> {
    // A disk that is full now was so a moment ago; what could not be written then is not tried again.
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

  /** For `--json`. */
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

  /** For people. */
  closing(): string {
    const best = this.#best
      ? `best ${formatShare(this.#best.accuracy)} after epoch ${this.#best.epoch}: ${this.#folder.best}\n`
      : ''
    return `${best}report: ${this.#folder.report}`
  }
}

/** Adds a batch's loss, and leaves out every other one when there are too many. */
function withLoss({ every, values }: BatchLosses, batch: number, loss: number): BatchLosses {
  if (batch % every !== 0) return { every, values }
  const all = [...values, loss]
  return all.length <= KEPT_LOSSES
    ? { every, values: all }
    : { every: 2 * every, values: all.filter((_, i) => i % 2 === 0) }
}
