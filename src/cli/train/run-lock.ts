// One process at a time may train in a folder, or checkpoints would be overwritten. The lock file holds the process's
// number, so that the lock of a killed process can be recognised.
import { rmSync } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { named } from '../../platform/node/files.js'
import { CheckpointError } from '../../networks/network-error.js'

const fileIn = (folder: string): string => join(folder, '.lock')

/** @throws CheckpointError when another live process trains in the folder. */
export async function assertUnlocked(folder: string): Promise<void> {
  const holder = await holderOf(folder)
  if (holder === undefined) return
  const remedy = `if that process is something else, delete ${fileIn(folder)}`
  throw new CheckpointError(folder, `process ${holder} is training in it; ${remedy}`)
}

/** Locks a folder until the process ends or unlocks it. @throws CheckpointError when another live one holds the lock. */
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

/** The live process that holds a folder's lock. */
async function holderOf(folder: string): Promise<number | undefined> {
  const file = fileIn(folder)
  // A missing or unreadable file counts as unlocked; writing to the folder would fail anyway.
  const [text, written] = await Promise.all([readFile(file, 'utf8'), stat(file)]).then(
    ([content, { mtimeMs }]) => [content, mtimeMs] as const,
    () => ['', 0] as const
  )
  const pid = Number(text)
  const isOther = Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid
  // Locks from before the last boot are stale, as process numbers are reused.
  const booted = Date.now() - 1000 * uptime()
  return isOther && written > booted && isAlive(pid) ? pid : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    return hasCode(error, 'EPERM')
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
