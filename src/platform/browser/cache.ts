// Downloads kept in the browser: streamed into the page's cache storage, so that no file need be in memory as a whole. Where
// there is none, they are kept in memory until the page is closed.
import { Sha256 } from './checksums.js'
import type { CachePlace, Received } from '../cache.js'
import { FileError } from '../file.js'

export type { CachePlace, Received } from '../cache.js'

const STORE = 'resnet-ts'
/** What the path of a kept download begins with, as no address of the web does. */
const SCHEME = 'resnet-ts-cache:'

const inMemory = new Map<string, Blob>()
let isWarned = false

/** The path of a kept download, if it is there. */
export async function findCached(place: CachePlace): Promise<string | undefined> {
  const path = pathOf(place)
  if (inMemory.has(path)) return path
  return (await (await openStore())?.match(keyOf(path))) && path
}

/**
 * Keeps a download: hashed while it is stored, and judged before it is there.
 * @param judge throws if what arrived must not be kept.
 * @returns its path, which `openFile` knows.
 * @throws FileError when there is no room for it.
 */
export async function keepInCache(
  place: CachePlace,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  judge: (received: Received) => void
): Promise<string> {
  const path = pathOf(place)
  const body = new JudgedBody(chunks, judge)
  const store = await openStore()
  try {
    if (store) await store.put(keyOf(path), new Response(body.stream))
    else inMemory.set(path, await new Response(body.stream).blob())
  } catch (cause) {
    throw (
      body.fault ??
      new FileError(path, 'does not fit into the storage that the browser gives this page', { cause })
    )
  }
  return path
}

/**
 * The bytes of a kept download; nothing for a path that is not one's. They may stay on disk until they are read.
 * @throws FileError when it is no longer kept.
 */
export async function keptBlob(path: string | URL): Promise<Blob | undefined> {
  if (typeof path !== 'string' || !path.startsWith(SCHEME)) return undefined
  const kept = inMemory.get(path) ?? (await (await openStore())?.match(keyOf(path)))?.blob()
  if (!kept) throw new FileError(path, "is no longer there: the page's storage has been cleared")
  return kept
}

/** Passes chunks on as they are asked for, and ends in an error unless they are judged well when the last has passed. */
class JudgedBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /** What went wrong with the chunks, and not with those who take them. */
  fault: Error | undefined

  constructor(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, judge: (received: Received) => void) {
    const iterator = chunks[Symbol.asyncIterator]()
    const hash = new Sha256()
    let size = 0
    this.stream = new ReadableStream({
      pull: async controller => {
        try {
          const next: IteratorResult<Uint8Array<ArrayBuffer>, unknown> = await iterator.next()
          if (next.done === true) {
            judge({ size, sha256: hash.digest() })
            controller.close()
          } else {
            hash.update(next.value)
            size += next.value.byteLength
            controller.enqueue(next.value)
          }
        } catch (error) {
          this.fault = error instanceof Error ? error : new Error(String(error))
          controller.error(error)
        }
      },
      async cancel() {
        await iterator.return?.()
      }
    })
  }
}

function pathOf({ folder = STORE, name }: CachePlace): string {
  return `${SCHEME}${folder}/${name}`
}

/** Cache storage is keyed by requests; of this host no page asks for anything. */
function keyOf(path: string): string {
  return `https://cache.invalid/${path.slice(SCHEME.length)}`
}

/** The page's cache storage; nothing where it has none, which is said once. */
async function openStore(): Promise<Cache | undefined> {
  // Missing, whatever the types say, in a page that is not served securely; forbidden in some private windows.
  const { caches: storage } = globalThis as Partial<Pick<typeof globalThis, 'caches'>>
  const store = await storage?.open(STORE).catch(() => undefined)
  if (!store) warnOfNone()
  return store
}

function warnOfNone(): void {
  if (isWarned) return
  isWarned = true
  console.warn(
    'Downloads are kept only until this page is closed, since it has no cache storage: serve it by https or from localhost'
  )
}
