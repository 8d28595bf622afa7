// The folder of a training run: its files, and how it is opened.
import { copyFile, link, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { named, writeFileAtomic } from '../../platform/node/files.js'
import { makeFolder } from '../../platform/node/folders.js'
import { isTemporary, temporaryIn } from '../../platform/node/temporary.js'
import { htmlReport } from '../../pages/report/html-report.js'
import { metricsLine, type RunReport } from '../../train/record/record.js'
import { hasCode, lacksLinks, lockFolder } from './run-lock.js'

export class RunFolder {
  readonly path: string
  /** The latest checkpoint, which `--resume` reads. */
  readonly last: string
  /** The checkpoint before it, which `--resume-previous` reads. */
  readonly previous: string
  /** The best network so far. */
  readonly best: string
  readonly metrics: string
  readonly report: string

  constructor(path: string) {
    this.path = path
    this.last = join(path, 'last.safetensors')
    this.previous = join(path, 'previous.safetensors')
    this.best = join(path, 'best.safetensors')
    this.metrics = join(path, 'metrics.jsonl')
    this.report = join(path, 'report.html')
  }

  /**
   * Locks the folder, and removes what a killed run left half-written.
   * @returns a function that unlocks it.
   * @throws FileError when it cannot be made, CheckpointError when another process trains in it.
   */
  async open(): Promise<() => void> {
    await makeFolder(this.path)
    const unlock = await lockFolder(this.path)
    await named(this.path, async () => {
      const leftOver = (await readdir(this.path)).filter(isTemporary)
      await Promise.all(leftOver.map(name => rm(join(this.path, name), { force: true })))
    })
    return unlock
  }

  /** Removes results of a previous run. */
  async removeResults(): Promise<void> {
    for (const file of [this.best, this.previous, this.metrics, this.report]) {
      await named(file, () => rm(file, { force: true }))
    }
  }

  /** Keeps the latest checkpoint as the one before it, as another name of the same file. */
  async keepPrevious(): Promise<void> {
    const temporary = temporaryIn(this.path)
    await named(this.previous, async () => {
      try {
        await link(this.last, temporary).catch((error: unknown) => {
          if (!lacksLinks(error)) throw error
          return copyFile(this.last, temporary)
        })
        await rename(temporary, this.previous)
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error
      } finally {
        // Renaming does nothing where both are one file already.
        await rm(temporary, { force: true }).catch(() => {})
      }
    })
  }

  /** Whether there is a checkpoint. @throws FileError when that cannot be determined. */
  async holdsRun(): Promise<boolean> {
    return (await isThere(this.last)) || (await this.holdsPrevious())
  }

  holdsPrevious(): Promise<boolean> {
    return isThere(this.previous)
  }

  /** Rewrites metrics and report: both are small, and a resumed run may have rewound them. */
  async writeReport(report: RunReport): Promise<void> {
    const encoder = new TextEncoder()
    const lines = report.epochs.map(record => `${metricsLine(record)}\n`)
    await writeFileAtomic(this.metrics, [encoder.encode(lines.join(''))])
    await writeFileAtomic(this.report, [encoder.encode(htmlReport(report))])
  }
}

function isThere(file: string): Promise<boolean> {
  return named(file, () =>
    stat(file).then(
      () => true,
      (error: unknown) => {
        if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return false
        throw error
      }
    )
  )
}
