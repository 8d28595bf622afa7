// One process at a time may train in a folder, or checkpoints would be overwritten. The lock is a file that says which process
// holds it. It appears whole and only where there is none; that of a process which has ended is replaced by a rename.
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { named } from '../../platform/node/files.js'
import type { Check } from '../../base/options.js'
import { checkedBy, partOf, readJson, SchemaError, type Reader } from '../../base/schema.js'
import { CheckpointError } from '../../networks/network-error.js'
import { fateOf, ownIdentity, readIdentity, type ProcessIdentity } from './process-identity.js'

const LOCK = '.lock'
const fileIn = (folder: string): string => join(folder, LOCK)

/** @throws CheckpointError when another process trains in the folder, or may do so. */
export async function assertUnlocked(folder: string): Promise<void> {
  const file = fileIn(folder)
  const found = await named(file, () => readLock(file))
  if (found && found.fate !== 'dead') throw locked(folder, found)
}

/**
 * Locks a folder until the process ends or unlocks it.
 * @throws CheckpointError when another process holds the lock, or may do so.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const file = fileIn(folder)
  const content = JSON.stringify({ id: randomUUID(), ...(await ownIdentity()) })
  const holder = await named(file, () => take(file, content))
  if (holder) throw locked(folder, holder)
  const unlock = (): void => {
    process.off('exit', unlock)
    release(file, content)
  }
  process.on('exit', unlock)
  await named(file, () => sweep(folder))
  return unlock
}

interface Lock {
  /** No two locks have the same. */
  readonly id: string
  readonly holder: ProcessIdentity | undefined
  readonly fate: 'alive' | 'dead' | 'unknown'
}

function locked(folder: string, { holder, fate }: Lock): CheckpointError {
  const file = fileIn(folder)
  if (!holder)
    return new CheckpointError(
      folder,
      `another process has just begun to train in it; if none has, delete ${file}`
    )
  const { pid, host } = holder
  if (fate === 'alive') {
    return new CheckpointError(
      folder,
      `process ${pid} is training in it; if that process is something else, delete ${file}`
    )
  }
  const where = `process ${pid} of ${host}, another machine or container`
  return new CheckpointError(folder, `${where}, may be training in it; if it has ended, delete ${file}`)
}

/**
 * Writes a lock file unless one of a living process is there; returns that.
 *
 * One of a dead process is replaced under a lock of its own, named after it, so that of all who find it dead one replaces it,
 * and no living one's is ever replaced: who holds that lock looks again.
 */
async function take(file: string, content: string): Promise<Lock | undefined> {
  for (;;) {
    if (await create(file, content)) return undefined
    const found = await readLock(file)
    if (!found) continue
    if (found.fate !== 'dead') return found
    const guard = `${file}.${found.id}`
    const other = await take(guard, content)
    if (other) return other.fate === 'alive' ? { ...other, holder: undefined } : other
    try {
      if ((await readLock(file))?.id !== found.id) continue
      const temporary = await writeBeside(file, content)
      await rename(temporary, file)
      return undefined
    } finally {
      await rm(guard, { force: true })
    }
  }
}

/** Creates a file with this content, whole from the start; false if there is one. */
async function create(file: string, content: string): Promise<boolean> {
  const temporary = await writeBeside(file, content)
  try {
    await link(temporary, file)
    return true
  } catch (error) {
    // Gone: a process that has just locked the folder has swept it.
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return false
    if (!lacksLinks(error)) throw error
    return await createOpen(file, content)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Whether making a hard link failed because the file system has none. */
export function lacksLinks(error: unknown): boolean {
  return NO_LINKS.some(code => hasCode(error, code))
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** The same where there are no hard links: for a moment the file is empty. */
async function createOpen(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

async function writeBeside(file: string, content: string): Promise<string> {
  const temporary = join(dirname(file), `${LOCK}-${randomUUID()}`)
  await writeFile(temporary, content, { flag: 'wx' })
  return temporary
}

/** The lock in a file; undefined where there is none. One that makes no sense, as after a power cut, is nobody's. */
async function readLock(file: string): Promise<Lock | undefined> {
  for (let attempt = 0; ; attempt++) {
    const content = await readFile(file, 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
      throw error
    })
    if (content === undefined) return undefined
    const lock = parseLock(content)
    if (lock) return { ...lock, fate: await fateOf(lock.holder) }
    // It may be the moment between its creation and its content.
    if (attempt === ATTEMPTS) return { id: 'unreadable', holder: undefined, fate: 'dead' }
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
}

const ATTEMPTS = 10
const PAUSE = 20

function parseLock(content: string): { readonly id: string; readonly holder: ProcessIdentity } | undefined {
  try {
    const { id, ...holder } = readJson(content, 'lock', readContent)
    return { id, holder }
  } catch (error) {
    if (error instanceof SchemaError) return undefined
    throw error
  }
}

const readContent: Reader<{ readonly id: string } & ProcessIdentity> = (value, path) => ({
  ...partOf<{ readonly id: string }>({ id: checkedBy(anId) })(value, path),
  ...readIdentity(value, path)
})

/** Part of a file's name. */
const anId: Check<string> = {
  expected: 'letters, digits and dashes',
  accepts: value => typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
}

/** Removes what killed processes left while they took the lock: nothing of that is the folder's lock now. */
async function sweep(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter(name => name.startsWith(LOCK) && name !== LOCK)
  await Promise.all(left.map(name => rm(join(folder, name), { force: true })))
}

/** Removes a lock file if it is still this process's. */
function release(file: string, content: string): void {
  try {
    if (readFileSync(file, 'utf8') === content) rmSync(file, { force: true })
  } catch {
    // The folder is gone or cannot be written: the next run finds that this process has ended.
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
