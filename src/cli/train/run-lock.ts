// One process at a time may train in a folder, or checkpoints would be overwritten. The lock is a file that says which process
// holds it. It appears whole and only where there is none; that of a process which has ended is replaced by a rename.
import { randomUUID } from 'node:crypto'
import { lstatSync, readFileSync, rmSync } from 'node:fs'
import { link, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError } from '../../platform/file.js'
import { named } from '../../platform/node/files.js'
import type { Check } from '../../base/options.js'
import { checkedBy, partOf, readJson, SchemaError, type Reader } from '../../base/schema.js'
import { CheckpointError } from '../../networks/network-error.js'
import { fateOf, ownIdentity, readIdentity, type ProcessIdentity } from './process-identity.js'

const LOCK = '.lock'
const fileIn = (folder: string): string => join(folder, LOCK)

/** @throws CheckpointError when another process trains in the folder, or may do so; FileError when something else lies there. */
export async function assertUnlocked(folder: string): Promise<void> {
  const file = fileIn(folder)
  const found = await named(file, () => readLock(file))
  if (found && found.fate !== 'dead') throw locked(folder, found)
}

/**
 * Locks a folder until the process ends or gives it up.
 * @throws CheckpointError when another process holds the lock, or may do so; FileError when something else lies there.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = fileIn(folder)
  const content = JSON.stringify({ id: randomUUID(), ...(await ownIdentity()) })
  const holder = await named(file, () => take(file, content))
  if (holder) throw locked(folder, holder)
  const isHeld = (): boolean => holds(file, content)
  const release = (): void => {
    process.off('exit', release)
    try {
      if (isHeld()) rmSync(file, { force: true })
    } catch {
      // It cannot be written any more: the next run finds that this process has ended.
    }
  }
  process.on('exit', release)
  await named(file, () => sweep(folder))
  return { isHeld, release }
}

export interface FolderLock {
  /** Whether the folder is still where it was, and still this process's. */
  readonly isHeld: () => boolean
  readonly release: () => void
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

/**
 * The lock in a file; undefined where there is none. A file without content, as after a power cut, is nobody's.
 * @throws FileError when something else lies there, which is the user's.
 */
async function readLock(file: string): Promise<Lock | undefined> {
  for (let attempt = 0; ; attempt++) {
    const content = await contentOf(file)
    if (content === undefined) return undefined
    const lock = parseLock(content)
    if (lock) return { ...lock, fate: await fateOf(lock.holder) }
    if (!/^\0*$/.test(content)) throw foreign(file, 'something else')
    // It may be the moment between its creation and its content.
    if (attempt === ATTEMPTS) return { id: EMPTY, holder: undefined, fate: 'dead' }
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
}

/** Nothing is opened but a small regular file: reading a pipe would wait, and some devices never end. */
async function contentOf(file: string): Promise<string | undefined> {
  try {
    const stats = await lstat(file)
    if (stats.isDirectory()) throw foreign(file, 'a directory')
    if (stats.isSymbolicLink()) throw foreign(file, 'a link')
    if (!stats.isFile()) throw foreign(file, 'no regular file')
    if (stats.size > MOST) throw foreign(file, 'something else')
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
    throw error
  }
}

function foreign(file: string, what: string): FileError {
  return new FileError(
    file,
    `is where a run keeps its lock, but this is ${what}: move it away, or train in another folder with --out`
  )
}

/** Bytes of a lock: a few hundred, with the longest names. */
const MOST = 8192
/** Stands for the lock in an empty file. */
const EMPTY = '00000000-0000-0000-0000-000000000000'
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

const UUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
/** Part of a file's name. */
const anId: Check<string> = {
  expected: 'a UUID',
  accepts: value => typeof value === 'string' && new RegExp(`^${UUID}$`).test(value)
}
/** The files that `writeBeside` and `take` make; any other name is the user's. */
const LEFT = new RegExp(`^\\.lock(?:-${UUID}|(?:\\.${UUID})+)$`)

/** Removes what killed processes left while they took the lock: nothing of that is the folder's lock now. */
async function sweep(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  const left = entries.filter(entry => entry.isFile() && LEFT.test(entry.name))
  await Promise.all(left.map(({ name }) => rm(join(folder, name), { force: true })))
}

/** Whether a lock file is there and has this content. */
function holds(file: string, content: string): boolean {
  try {
    return lstatSync(file).isFile() && readFileSync(file, 'utf8') === content
  } catch {
    // The folder is gone or cannot be read.
    return false
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
