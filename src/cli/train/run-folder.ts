// What a training run leaves in its folder: checkpoints, metrics, a report.
import { join } from 'node:path'
import { readdir, rm, stat } from 'node:fs/promises'
import { named, writeFileAtomic } from '../../platform/node/files.js'
import { makeFolder } from '../../platform/node/folders.js'
import { htmlReport } from '../../pages/report/html-report.js'
import { metricsLine } from '../../train/metrics-lines.js'
import type { RunReport } from '../../train/record.js'
import { writeCheckpoint, type Checkpoint } from '../../train/checkpoint.js'
import { assertUnlocked, lockFolder } from './run-lock.js'

/** The files of a run. */
export class RunFolder {
  readonly path: string
  /** Where the run stands; what `--resume` reads. */
  readonly last: string
  /** The network as it did best. */
  readonly best: string
  readonly metrics: string
  readonly report: string

  constructor(path: string) {
    this.path = path
    this.last = join(path, 'last.safetensors')
    this.best = join(path, 'best.safetensors')
    this.metrics = join(path, 'metrics.jsonl')
    this.report = join(path, 'report.html')
  }

  /**
   * Makes the folder this process's, and removes what a killed run left half-written.
   * @returns what gives it up.
   * @throws FileError when it cannot be made, CheckpointError when another process trains in it.
   */
  async open(): Promise<() => void> {
    await makeFolder(this.path)
    const unlock = await lockFolder(this.path)
    await named(this.path, async () => {
      const leftOver = (await readdir(this.path)).filter(name => /^\.[\da-f-]{36}\.tmp$/.test(name))
      await Promise.all(leftOver.map(name => rm(join(this.path, name), { force: true })))
    })
    return unlock
  }

  /**
   * Asks before the long preparation of a run.
   * @throws CheckpointError when another process trains here.
   */
  assertUnlocked(): Promise<void> {
    return assertUnlocked(this.path)
  }

  /** Removes what would be mistaken for results of the run that `last` is of now. */
  async removeResults(): Promise<void> {
    for (const file of [this.best, this.metrics, this.report]) {
      await named(file, () => rm(file, { force: true }))
    }
  }

  /**
   * Whether a run has left a checkpoint here.
   * @throws FileError when that cannot be seen.
   */
  holdsRun(): Promise<boolean> {
    return named(this.last, () =>
      stat(this.last).then(
        () => true,
        (error: unknown) => {
          const code = error instanceof Error && 'code' in error ? error.code : undefined
          if (code === 'ENOENT' || code === 'ENOTDIR') return false
          throw error
        }
      )
    )
  }

  writeLast(checkpoint: Checkpoint): Promise<void> {
    return writeCheckpoint(this.last, checkpoint)
  }

  writeBest(checkpoint: Checkpoint): Promise<void> {
    return writeCheckpoint(this.best, checkpoint)
  }

  /** Writes metrics and report anew: both are small, and a resumed run may have gone back a little. */
  async writeReport(report: RunReport): Promise<void> {
    const encoder = new TextEncoder()
    const lines = report.epochs.map(record => `${metricsLine(record)}\n`)
    await writeFileAtomic(this.metrics, [encoder.encode(lines.join(''))])
    await writeFileAtomic(this.report, [encoder.encode(htmlReport(report))])
  }
}
