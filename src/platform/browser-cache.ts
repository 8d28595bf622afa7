// Downloads kept in the browser: the page's cache storage, handed out as object URLs.
import type { CachePlace, Received } from './cache.js'

export type { CachePlace, Received } from './cache.js'

const STORE = 'resnet-ts'

/** Cache storage is keyed by requests; no such address is ever fetched. */
function keyOf({ folder, name }: CachePlace): string {
  return new URL(`/${folder ?? STORE}/${name}`, location.origin).href
}

/** An object URL of a kept download, if it is there. */
export async function findCached(place: CachePlace): Promise<string | undefined> {
  const kept = await (await caches.open(STORE)).match(keyOf(place))
  return kept && URL.createObjectURL(await kept.blob())
}

/**
 * Keeps a download.
 * @param judge throws if what arrived must not be kept.
 * @returns an object URL of it.
 */
export async function keepInCache(
  place: CachePlace,
  chunks: AsyncIterable<Uint8Array>,
  judge: (received: Received) => void
): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of chunks) parts.push(chunk.slice())
  const blob = new Blob(parts)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
  judge({ size: blob.size, sha256: Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('') })
  await (await caches.open(STORE)).put(keyOf(place), new Response(blob))
  return URL.createObjectURL(blob)
}
