// Downloads kept in Node: files in the user's cache folder, each whole or not there.
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CachePlace, Received } from '../cache.js'
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
 * Keeps a download: hashed while it is written, and judged before it gets its name.
 * @param judge throws if what arrived must not be kept.
 * @returns the path of the file.
 * @throws FileError when the cache cannot be written.
 */
export async function keepInCache(
  place: CachePlace,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  judge: (received: Received) => void
): Promise<string> {
  const path = pathOf(place)
  await makeFolder(dirname(path))
  await writeFileAtomic(path, judged(chunks, judge))
  return path
}

/** Passes chunks on, and judges them when the last has passed. */
async function* judged(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  judge: (received: Received) => void
): AsyncGenerator<Uint8Array> {
  const hash = new Sha256()
  let size = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    size += chunk.byteLength
    yield chunk
  }
  judge({ size, sha256: hash.digest() })
}
