// Caches downloads as files in the user's cache folder, written atomically.
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { verified, type CachePlace, type Received } from '../file.js'
import { writeFileAtomic } from './files.js'
import { makeFolder } from './folders.js'
import { Sha256 } from './checksums.js'

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

/** The path of a cached download, if it exists. */
export async function findCached(place: CachePlace): Promise<string | undefined> {
  const path = pathOf(place)
  const stats = await stat(path).catch(() => undefined)
  return stats?.isFile() === true ? path : undefined
}

/** Stores a download and gives its path; `verify` throws to discard it. @throws FileError when the cache cannot be written. */
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
