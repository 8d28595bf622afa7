// The folder of a training run: its files, and how it is opened.
import { copyFile, link, lstat, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, join, parse } from 'node:path'
import { named, writeFileAtomic } from '../../platform/node/files.js'
import { makeFolder } from '../../platform/node/folders.js'
import { hashOfFile } from '../../platform/node/sha256.js'
import { isTemporary, temporaryIn } from '../../platform/node/temporary.js'
import { htmlReport } from '../../pages/report/html-report.js'
import { metricsLine, type RunReport } from '../../train/record/record.js'
import { CheckpointError } from '../../networks/network-error.js'
import { hasCode, lacksLinks, lockFolder, type FolderLock } from './run-lock.js'

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
  #lock: FolderLock | undefined

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
    const lock = await lockFolder(this.path)
    this.#lock = lock
    await named(this.path, async () => {
      const leftOver = (await readdir(this.path)).filter(isTemporary)
      await Promise.all(leftOver.map(name => rm(join(this.path, name), { force: true })))
    })
    return lock.release
  }

  /** Whether an opened folder is still there, and not another process's. */
  get isHeld(): boolean {
    return this.#lock?.isHeld() ?? true
  }

  /** @throws CheckpointError when an opened folder has gone, so that nothing is written to where it was. */
  assertHeld(): void {
    if (this.isHeld) return
    const fault = 'was moved, removed or taken over while this run was writing in it'
    throw new CheckpointError(
      this.path,
      `${fault}; nothing more is saved, and what was saved is where it is now`
    )
  }

  /** Removes results of a previous run. */
  async removeResults(): Promise<void> {
    for (const file of [this.best, this.previous, this.metrics, this.report]) {
      await named(file, () => rm(file, { force: true }))
    }
  }

  /**
   * Writes the first best network of a run. One that lies there may be what the same run left when it was killed before its
   * first checkpoint, and then is the same, byte for byte; any other, and its measurements, are kept beside it under other names.
   * @returns these names.
   */
  async writeFirstBest(write: (path: string) => Promise<void>): Promise<string[]> {
    const before = await keepAside(this.best)
    try {
      await write(this.best)
    } catch (error) {
      if (before !== undefined) await rename(before, this.best).catch(() => {})
      throw error
    }
    if (before !== undefined && (await isSameFile(before, this.best))) {
      await named(before, () => rm(before))
      return []
    }
    const kept = [before, await keepAside(this.metrics), await keepAside(this.report)]
    return kept.filter(file => file !== undefined).map(file => basename(file))
  }

  /** Keeps the latest checkpoint as the one before it, as another name of the same file. */
  async keepPrevious(): Promise<void> {
    const temporary = temporaryIn(this.path)
    await named(this.previous, async () => {
      try {
        // Of a link, what it leads to: the link itself leads to the next checkpoint soon.
        await link(await realpath(this.last), temporary).catch((error: unknown) => {
          if (!lacksLinks(error) && !hasCode(error, 'EXDEV')) throw error
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

  /** A file that a new run would replace, if there is one. @throws FileError when that cannot be determined. */
  async firstResult(): Promise<string | undefined> {
    for (const file of [this.last, this.previous, this.best, this.metrics, this.report]) {
      if (await isFile(file)) return file
    }
    return undefined
  }

  holdsPrevious(): Promise<boolean> {
    return isThere(this.previous)
  }

  holdsBest(): Promise<boolean> {
    return isThere(this.best)
  }

  /** Rewrites metrics and report: both are small, and a resumed run may have rewound them. */
  async writeReport(report: RunReport): Promise<void> {
    const encoder = new TextEncoder()
    const lines = report.epochs.map(record => `${metricsLine(record)}\n`)
    await writeFileAtomic(this.metrics, [encoder.encode(lines.join(''))])
    await writeFileAtomic(this.report, [encoder.encode(htmlReport(report))])
  }
}

function isSameFile(one: string, other: string): Promise<boolean> {
  return named(other, async () => (await hashOfFile(one)) === (await hashOfFile(other)))
}

/** Gives a file, if there is one, a name that is free. @returns its path now. */
async function keepAside(file: string): Promise<string | undefined> {
  if (!(await isFile(file))) return undefined
  const { dir, name, ext } = parse(file)
  for (let count = 1; ; count++) {
    const aside = join(dir, `${name}.replaced${count === 1 ? '' : `-${count}`}${ext}`)
    if (await isTaken(aside)) continue
    await named(file, () => rename(file, aside))
    return aside
  }
}

function isTaken(file: string): Promise<boolean> {
  return found(file, async () => {
    await lstat(file)
    return true
  })
}

function isFile(file: string): Promise<boolean> {
  return found(file, async () => !(await lstat(file)).isDirectory())
}

function isThere(file: string): Promise<boolean> {
  return found(file, async () => {
    await stat(file)
    return true
  })
}

function found(file: string, look: () => Promise<boolean>): Promise<boolean> {
  return named(file, () =>
    look().catch((error: unknown) => {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return false
      throw error
    })
  )
}
