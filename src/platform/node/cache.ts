// Caches downloads as files in the user's cache folder, written atomically. Beside each lies its digest, against which it is
// checked before it is used: disks forget, and other programs write into this folder too.
import { readFile, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { FileError, isDigest, verified, type CachePlace, type Received } from '../file.js'
import { writeFileAtomic } from './files.js'
import { makeFolder } from './folders.js'
import { hashOfFile, Sha256 } from './sha256.js'
import { isTemporary, removeAbandoned } from './temporary.js'

/** `RESNET_TS_CACHE`, or this package's folder in the system's cache folder. */
function defaultFolder(): string {
  const { RESNET_TS_CACHE: own = '', XDG_CACHE_HOME: shared = '' } = process.env
  // An empty variable counts as none.
  if (own !== '') return own
  return join(shared === '' ? join(homedir(), '.cache') : shared, 'resnet-ts')
}

function pathOf({ folder, name }: CachePlace): string {
  return join(folder ?? defaultFolder(), name)
}

function digestOf(path: string): string {
  return `${path}.sha256`
}

/** What each file was when it was checked, so that a process hashes it once. */
const checked = new Map<string, string>()

/** The path of a cached download, if it exists and is still what was downloaded. */
export async function findCached(place: CachePlace, sha256Prefix: string): Promise<string | undefined> {
  const path = pathOf(place)
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile() !== true) return undefined
  const state = [stats.ino, stats.size, stats.mtimeMs, sha256Prefix].join()
  if (checked.get(path) === state) return path
  const noted = await noteOn(path).catch(() => undefined)
  const found = await hashOfFile(path).catch(() => undefined)
  if (found === undefined || !isDigest(found, sha256Prefix, noted)) return undefined
  checked.set(path, state)
  return path
}

const MOST_NOTE_BYTES = 1024

/** The digest that was noted for a file. */
async function noteOn(path: string): Promise<string | undefined> {
  const note = await stat(digestOf(path))
  // To open a pipe would wait for its writer.
  if (!note.isFile() || note.size > MOST_NOTE_BYTES) return undefined
  return (await readFile(digestOf(path), 'utf8')).trim()
}

/** Says what cannot be written there, and the remedy, to those who did not choose the folder in a call. */
async function saying(place: CachePlace, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    if (!(cause instanceof FileError) || place.folder !== undefined) throw cause
    const remedy = 'downloads are kept here; RESNET_TS_CACHE names another folder'
    throw new FileError(cause.path, `${cause.fault}: ${remedy}`, { cause })
  }
}

/** Stores a download and gives its path; `verify` throws to discard it. @throws FileError when the cache cannot be written. */
export async function keepInCache(
  place: CachePlace,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  verify: (received: Received) => void
): Promise<string> {
  const path = pathOf(place)
  await saying(place, () => makeFolder(dirname(path)))
  await removeAbandoned(dirname(path), isTemporary)
  let digest = ''
  const noting = (received: Received): void => {
    verify(received)
    digest = received.sha256
  }
  await saying(place, () => writeFileAtomic(path, verified(chunks, new Sha256(), noting)))
  // Whatever stands in its place, a pipe perhaps.
  await rm(digestOf(path), { force: true }).catch(() => undefined)
  await writeFileAtomic(digestOf(path), [new TextEncoder().encode(digest)])
  return path
}
