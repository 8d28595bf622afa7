// Downloads kept in Node: files in the user's cache folder, each whole or not there.
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { verified, type CachePlace, type Received } from '../cache.js'
import { writeFileAtomic } from './files.js'
import { makeFolder } from './folders.js'
import { Sha256 } from './checksums.js'

export type { CachePlace, Received } from '../cache.js'

/** `RESNET_TS_CACHE`, or the folder for this package where the system keeps caches. */
function defaultFolder(): string {
  const { RESNET_TS_CACHE: own = '', XDG_CACHE_HOME: shared = '' } = process.env
  // An empty variable counts as none.
  if (own !== '') return own
  return join(shared === '' ? join(homedir(), '.cache') : shared, 'resnet-ts')
}

function pathOf({ folder, name }: CachePlace): string {
  return join(folder ?? defaultFolder(), name)
}

/** The path of a kept download, if it is there. */
export async function findCached(place: CachePlace): Promise<string | undefined> {
  const path = pathOf(place)
  const stats = await stat(path).catch(() => undefined)
  return stats?.isFile() === true ? path : undefined
}

/**
 * Stores a download: hashed while it is written, and verified before it gets its name.
 * @param verify throws when the download must not be kept.
 * @returns the path of the file.
 * @throws FileError when the cache cannot be written.
 */
export async function keepInCache(
  place: CachePlace,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  verify: (received: Received) => void
): Promise<string> {
  const path = pathOf(place)
  await makeFolder(dirname(path))
  await writeFileAtomic(path, verified(chunks, new Sha256(), verify))
  return path
}
