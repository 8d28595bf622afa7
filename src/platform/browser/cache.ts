// Caches downloads in the page's cache storage, streamed; without one, in memory until the page is closed.
import { type CachePlace, FileError, isDigest, type Received, streamOf, verified } from '../file.js'

const STORE = 'resnet-ts'
const DIGESTS = 'resnet-ts-digests'
const NOTES = 'resnet-ts-notes'
/** Prefix of cached paths, distinct from any URL. */
const SCHEME = 'resnet-ts-cache:'

const inMemory = new Map<string, Blob>()
const notes = new Map<string, string>()
let isWarned = false

/** Paths that this page has checked. */
const checked = new Set<string>()

/** The path of a cached download, if it exists and is still what was downloaded. */
export async function findCached(place: CachePlace, sha256Prefix: string): Promise<string | undefined> {
  const path = pathOf(place)
  if (inMemory.has(path)) return path
  const kept = await (await openStore())?.match(keyOf(path))
  if (!kept) return undefined
  if (checked.has(path + sha256Prefix)) return path
  const note = await (await openStore(DIGESTS))?.match(keyOf(path))
  const noted = await note?.text()
  const found = await hashOf(kept).catch(() => undefined)
  if (found === undefined || !isDigest(found, sha256Prefix, noted)) return undefined
  checked.add(path + sha256Prefix)
  return path
}

/** Loaded when needed, as most pages download no weights. */
async function newHash() {
  const { Sha256 } = await import('./sha256.js')
  return new Sha256()
}

async function hashOf({ body }: Response): Promise<string> {
  const hash = await newHash()
  const reader = body?.getReader()
  for (;;) {
    const chunk = (await reader?.read())?.value
    if (chunk === undefined) return hash.digest()
    hash.update(chunk)
  }
}

/** Stores a download and gives its path; `verify` throws to discard it. @throws FileError when there is not enough space. */
export async function keepInCache(
  place: CachePlace,
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  verify: (received: Received) => void
): Promise<string> {
  const path = pathOf(place)
  let fault: Error | undefined
  let digest = ''
  const noting = (received: Received): void => {
    verify(received)
    digest = received.sha256
  }
  const hash = await newHash()
  const stream = streamOf(verified(chunks, hash, noting), error => (fault = error))
  const store = await openStore()
  try {
    if (store) {
      await store.put(keyOf(path), new Response(stream))
      await (await openStore(DIGESTS))?.put(keyOf(path), new Response(digest))
    } else inMemory.set(path, await new Response(stream).blob())
  } catch (cause) {
    throw (
      fault ??
      new FileError(path, 'does not fit into the storage that the browser gives this page', { cause })
    )
  }
  return path
}

/** A short text by its name. */
export async function keepNote(name: string, text: string): Promise<void> {
  notes.set(name, text)
  await (await openStore(NOTES))?.put(keyOf(SCHEME + name), new Response(text)).catch(() => undefined)
}

export async function noteOf(name: string): Promise<string | undefined> {
  const kept = await (await openStore(NOTES))?.match(keyOf(SCHEME + name))
  return kept ? kept.text() : notes.get(name)
}

/** A cached download, read on demand; undefined for other paths. @throws FileError when it is no longer cached. */
export async function keptBlob(path: string | URL): Promise<Blob | undefined> {
  if (typeof path !== 'string' || !path.startsWith(SCHEME)) return undefined
  const kept = inMemory.get(path) ?? (await (await openStore())?.match(keyOf(path)))?.blob()
  if (!kept) throw new FileError(path, "is no longer there: the page's storage has been cleared")
  return kept
}

function pathOf({ folder = STORE, name }: CachePlace): string {
  return `${SCHEME}${folder}/${name}`
}

/** Cache storage is keyed by requests; this host is never requested. */
function keyOf(path: string): string {
  return `https://cache.invalid/${path.slice(SCHEME.length)}`
}

/** The page's cache storage; undefined if there is none, with a single warning. */
async function openStore(name = STORE): Promise<Cache | undefined> {
  // Missing in insecure contexts, despite its type; forbidden in some private windows.
  const { caches: storage } = globalThis as Partial<Pick<typeof globalThis, 'caches'>>
  const store = await storage?.open(name).catch(() => undefined)
  if (!store && !isWarned) {
    isWarned = true
    console.warn(
      'Downloads are kept only until this page is closed, since it has no cache storage: serve it by https or from localhost'
    )
  }
  return store
}
