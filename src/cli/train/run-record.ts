import { basename } from 'node:path'
import { formatShare } from '../../base/figures.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { networkTensors } from '../../networks/network-tensors.js'
import { writeCheckpoint, type BatchLosses, type RunProgress } from '../../train/record/checkpoint.js'
import type { Evaluated } from '../../train/evaluate.js'
import { startOfEpoch, type TrainingPosition } from '../../train/position.js'
import { thinnedHistory } from '../../train/record/history.js'
import type { EpochRecord, RunReport } from '../../train/record/record.js'
import type { Trainer } from '../../train/trainer.js'
import type { TrainerState } from '../../train/trainer-state.js'
import { say } from '../terminal/output.js'
import type { RunFolder } from './run-folder.js'

/** Batch losses kept for the report. */
const KEPT_LOSSES = 1000

export interface Run {
  readonly trainer: Pick<Trainer, 'save'>
  readonly network: CheckpointNetwork
  readonly folder: RunFolder
  readonly settings: RunProgress['settings']
  /** The pictures that could not be read so far. */
  readonly unreadable: { readonly names: readonly string[] }
  /** The data's name in the report. */
  readonly data: string
  /** Seconds between checkpoints. */
  readonly checkpointEvery: number
  /** Whether the folder holds results of another run, which are removed after this one's first checkpoint. */
  readonly replaces: boolean
  /** Whether the last checkpoint is damaged: it is not kept as the one before the next. */
  readonly isLastDamaged: boolean
}

const NOTHING: Omit<RunProgress, 'settings'> = {
  position: startOfEpoch(0),
  steps: 0,
  batches: 0,
  epochs: [],
  best: undefined,
  losses: { every: 1, values: [] }
}

/** A run's results so far, and how they are written. */
export class RunRecord {
  readonly #run: Run
  #progress: RunProgress
  #confusion: Evaluated['confusion'] | undefined
  #saved = performance.now()
  /** The position of the last checkpoint. */
  #savedPosition: TrainingPosition | undefined
  #savedUnreadable: number
  #replaces: boolean
  #keepsLast: boolean
  #hasFailedToWrite = false

  constructor(run: Run, progress: RunProgress | undefined) {
    this.#run = run
    this.#progress = { ...NOTHING, ...progress, settings: run.settings }
    this.#savedPosition = progress?.position
    this.#savedUnreadable = run.unreadable.names.length
    this.#replaces = run.replaces
    this.#keepsLast = !run.replaces && !run.isLastDamaged
  }

  get position(): TrainingPosition {
    return this.#progress.position
  }

  async afterBatch(position: TrainingPosition, loss: number): Promise<void> {
    const { losses, batches } = this.#progress
    const seen = { losses: withLoss(losses, batches, loss), batches: batches + 1 }
    this.#progress = { ...this.#progress, position, ...seen }
    const age = (performance.now() - this.#saved) / 1000
    if (age >= this.#run.checkpointEvery) await this.save()
  }

  async afterEpoch(
    record: EpochRecord,
    next: TrainingPosition,
    measured: Evaluated | undefined
  ): Promise<void> {
    await this.#writing(async () => {
      const state = await this.#run.trainer.save()
      // First, so that another run's checkpoint never lies beside this one's results.
      if (this.#replaces) await this.#writeLast(state)
      const { epochs, best } = this.#progress
      this.#progress = { ...this.#progress, position: next, epochs: thinnedHistory([...epochs, record]) }
      this.#confusion = measured?.confusion
      const accuracy = record.validation?.accuracy ?? record.train.accuracy
      const { network, folder } = this.#run
      const isGone = best !== undefined && !(await folder.holdsBest())
      if (!best || isGone || accuracy > best.accuracy) {
        this.#progress = { ...this.#progress, best: { epoch: record.epoch, accuracy } }
        if (isGone)
          say(`${folder.best}, of epoch ${best.epoch}, is gone: epoch ${record.epoch} takes its place`)
        const tensors = networkTensors(state.tensors)
        const write = (file: string): Promise<void> =>
          writeCheckpoint(file, { network, progress: undefined, tensors })
        if (best) await write(folder.best)
        else sayKept(folder, await folder.writeFirstBest(write))
      }
      // Before the checkpoint: a run killed in between repeats the end of the epoch, but a finished one does nothing.
      await this.#run.folder.writeReport(this.#report())
      await this.#writeLast(state)
    })
  }

  save(): Promise<void> {
    return this.#writing(async () => this.#writeLast(await this.#run.trainer.save()))
  }

  /** Saves progress after a failure, if possible. @returns the checkpoint's file. */
  async keep(): Promise<string | undefined> {
    // After a failed write, such as on a full disk, do not try again.
    if (this.#hasFailedToWrite || this.#progress.batches === 0) return undefined
    const isNew = this.#savedUnreadable !== this.#run.unreadable.names.length
    if (isNew || this.#savedPosition !== this.position) await this.save()
    return this.#run.folder.last
  }

  /** The last whole checkpoint of this run, which a failed write leaves as it is. */
  get saved(): string | undefined {
    const { folder } = this.#run
    return this.#savedPosition === undefined || this.#replaces || !folder.isHeld ? undefined : folder.last
  }

  async #writing(write: () => Promise<void>): Promise<void> {
    try {
      this.#run.folder.assertHeld()
      await write()
    } catch (error) {
      this.#hasFailedToWrite = true
      throw error
    }
  }

  async #writeLast({ tensors, steps, batches }: TrainerState): Promise<void> {
    const { names } = this.#run.unreadable
    const progress = { ...this.#progress, steps, batches, ...(names.length > 0 && { unreadable: names }) }
    if (this.#keepsLast) await this.#run.folder.keepPrevious()
    await writeCheckpoint(this.#run.folder.last, { network: this.#run.network, tensors, progress })
    if (this.#replaces) await this.#run.folder.removeResults()
    this.#replaces = false
    this.#keepsLast = true
    this.#savedPosition = this.position
    this.#savedUnreadable = names.length
    this.#saved = performance.now()
  }

  #report(): RunReport {
    const { settings, epochs, losses } = this.#progress
    return {
      title: `${this.#run.network.model} on ${this.#run.data}`,
      command: `resnet ${process.argv.slice(2).join(' ')}`,
      settings,
      epochs,
      classes: this.#run.network.classes,
      stepLosses: losses.values,
      ...(this.#confusion && { confusion: this.#confusion })
    }
  }

  summary(): object {
    const { best: checkpoint, last, report } = this.#run.folder
    const { epochs, best } = this.#progress
    return { model: this.#run.network.model, epochs, best, checkpoint, last, report }
  }

  /** Where the results are, and what they are. */
  async closing(): Promise<readonly [file: string, what: string]> {
    const { best } = this.#progress
    const { folder } = this.#run
    const { best: checkpoint, report } = folder
    if (!best) return [report, 'the report']
    if (!(await folder.holdsBest())) {
      return [report, `the report; ${basename(checkpoint)}, of epoch ${best.epoch}, is gone`]
    }
    const found = `${formatShare(best.accuracy)} after epoch ${best.epoch}`
    return [checkpoint, `the best, ${found}; the report is ${report}`]
  }
}

function sayKept({ path }: RunFolder, names: readonly string[]): void {
  if (names.length === 0) return
  say(`${path} held results that this run did not make: they are kept as ${names.join(', ')}`)
}

/** Adds a batch's loss; halves the list when it is full. */
function withLoss({ every, values }: BatchLosses, batch: number, loss: number): BatchLosses {
  if (batch % every !== 0) return { every, values }
  const all = [...values, loss]
  return all.length <= KEPT_LOSSES
    ? { every, values: all }
    : { every: 2 * every, values: all.filter((_, i) => i % 2 === 0) }
}
