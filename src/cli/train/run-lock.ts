// One process at a time trains in a folder: two would write over each other's checkpoints. The lock is a file with the
// number of its process, so that one which a killed process left behind holds nobody up.
import { rmSync } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { named } from '../../platform/node/files.js'
import { CheckpointError } from '../../networks/network-error.js'

const fileIn = (folder: string): string => join(folder, '.lock')

/**
 * @throws CheckpointError when another process that is alive trains in the folder.
 */
export async function assertUnlocked(folder: string): Promise<void> {
  const holder = await holderOf(folder)
  if (holder === undefined) return
  throw new CheckpointError(
    folder,
    `process ${holder} is training in it; if that process is something else, delete ${fileIn(folder)}`
  )
}

/**
 * Locks a folder until the process ends, however it does short of being killed.
 * @returns what unlocks it sooner.
 * @throws CheckpointError when another process that is alive has locked it.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  await assertUnlocked(folder)
  const file = fileIn(folder)
  await named(file, async () => {
    await rm(file, { force: true })
    await writeFile(file, `${process.pid}\n`, { flag: 'wx' }).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
      throw new CheckpointError(folder, 'another process has just begun to train in it')
    })
  })
  const unlock = (): void => {
    process.off('exit', unlock)
    rmSync(file, { force: true })
  }
  process.on('exit', unlock)
  return unlock
}

/** The living process that has locked a folder. */
async function holderOf(folder: string): Promise<number | undefined> {
  const file = fileIn(folder)
  // Without a file, or with one that cannot be read, nobody has; writing to such a folder fails by itself.
  const [text, written] = await Promise.all([readFile(file, 'utf8'), stat(file)]).then(
    ([content, { mtimeMs }]) => [content, mtimeMs] as const,
    () => ['', 0] as const
  )
  const pid = Number(text)
  const isOther = Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid
  return isOther && written > bootTime() && isAlive(pid) ? pid : undefined
}

/** Processes from before it are gone, though others may have their numbers. In milliseconds, as times of files are. */
function bootTime(): number {
  return Date.now() - 1000 * uptime()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // One that is somebody else's may not be asked, but is there.
    return hasCode(error, 'EPERM')
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
