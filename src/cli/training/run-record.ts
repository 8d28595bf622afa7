// What a run has come to, kept between batches and written to its folder.
import type { EpochRecord } from '../../report/record.js'
import {
  networkTensors,
  type BatchLosses,
  type CheckpointNetwork,
  type RunProgress
} from '../../train/checkpoint.js'
import type { Evaluated } from '../../train/evaluator.js'
import { startOf, type Position } from '../../train/fit.js'
import type { Trainer } from '../../train/trainer.js'
import type { RunFolder } from './run-folder.js'

/** So many losses of single batches are kept for the report. */
const KEPT_LOSSES = 1000

/** What a run was started with, and how it is kept. */
export interface RunRecipe {
  readonly settings: Readonly<Record<string, string>>
  /** Seconds between two checkpoints. */
  readonly checkpointEvery: number
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
  position: Position

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
    this.position = progress?.position ?? startOf(0)
    this.#epochs = [...(progress?.epochs ?? [])]
    this.#best = progress?.best
    this.#batches = progress?.batches ?? 0
    this.#losses = progress?.losses ?? { every: 1, values: [] }
  }

  async afterBatch(position: Position, loss: number): Promise<void> {
    this.position = position
    this.#losses = withLoss(this.#losses, this.#batches++, loss)
    const age = (performance.now() - this.#saved) / 1000
    if (age >= this.#recipe.checkpointEvery) await this.save()
  }

  async afterEpoch(record: EpochRecord, next: Position, measured: Evaluated | undefined): Promise<void> {
    this.position = next
    this.#epochs.push(record)
    this.#confusion = measured?.confusion
    const accuracy = record.validation?.accuracy ?? record.train.accuracy
    if (!this.#best || accuracy > this.#best.accuracy) {
      this.#best = { epoch: record.epoch, accuracy }
      const { tensors } = await this.#trainer.save()
      const own = networkTensors(new Map(Object.entries(tensors)))
      await this.#folder.writeBest({ network: this.#network, progress: undefined, tensors: own })
    }
    // Before the checkpoint: a run killed in between does the epoch's end again, but one that is over does nothing.
    await this.#folder.writeReport(this.#report())
    await this.save()
  }

  /** Writes everything that is needed to go on. */
  async save(): Promise<void> {
    const { tensors, steps, batches } = await this.#trainer.save()
    await this.#folder.writeLast({
      network: this.#network,
      tensors: new Map(Object.entries(tensors)),
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
    this.#saved = performance.now()
  }

  #report(): Parameters<RunFolder['writeReport']>[0] {
    const { settings } = this.#recipe
    return {
      title: `${this.#network.model} on ${settings.data}`,
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
      ? `best ${(100 * this.#best.accuracy).toFixed(2)} % after epoch ${this.#best.epoch}: ${this.#folder.best}\n`
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
