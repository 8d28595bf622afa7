// Downloads weights once: verified by hash, stored atomically, with retries.
import { aFunction, aString, checkOptions, numberFrom, wholeNumber, type OptionsOf } from '../base/options.js'
import { findCached, keepInCache, networkFault, resolveAddress, Sha256, type CachePlace } from '#platform'
import { WeightsError } from './bytes.js'

const OPTIONS = {
  /** The first hex digits of the file's SHA-256; another file is rejected. */
  sha256Prefix: aString,
  /** Where to store it; default `$RESNET_TS_CACHE`, or `resnet-ts` in the user's cache folder; in a page, part of the name. */
  cacheFolder: aString,
  /** Timeout of the server's silence in milliseconds; default 30,000. */
  timeoutMs: numberFrom(0),
  /** Retries after network or server faults; default 3. */
  retries: wholeNumber(0),
  /** Called with the bytes received and, if known, the total; for a shared download, only the first caller's. */
  onProgress: aFunction<(received: number, total: number | undefined) => void>()
}

/** Options of `fetchWeights`. */
export interface DownloadOptions extends OptionsOf<typeof OPTIONS> {}

class PassingFault extends WeightsError {
  override get name(): string {
    return 'WeightsError'
  }
}

const FIRST_PAUSE_MS = 500
// The maximum of timers.
const MAX_TIMER_MS = 2 ** 31 - 1
// As long as in torch's file names.
const HASH_IN_NAME = 8
const MAX_FILE_NAME = 100

const underWay = new Map<string, Promise<string>>()

/**
 * Downloads a file of weights, unless cached, and returns its path (torch: `load_state_dict_from_url`). Concurrent calls for
 * one file share a download.
 *
 * In a page, the URL may be relative, and the result is a name in cache storage that all functions that read files accept.
 * @throws WeightsError naming the URL when it cannot be downloaded or is not the expected file.
 * @throws FileError when the cache cannot be written.
 */
export async function fetchWeights(address: string | URL, options: DownloadOptions = {}): Promise<string> {
  checkOptions('fetchWeights', options, OPTIONS)
  const url = resolveAddress(address)
  const place = { folder: options.cacheFolder, name: cacheName(url, options.sha256Prefix) }
  const cached = await findCached(place)
  if (cached !== undefined) return cached
  const key = JSON.stringify([place.folder, place.name])
  const running =
    underWay.get(key) ?? downloadWithRetries(url, place, options).finally(() => underWay.delete(key))
  underWay.set(key, running)
  return running
}

/**
 * The cached file's name: the original one if it contains the requested hash, as torch's do. Otherwise prefixed by a hash of
 * URL and requested hash, so that different files never share a name. Reserved characters are replaced.
 */
function cacheName(url: string, sha256Prefix = ''): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new WeightsError(url, 'is not an http or https URL')
  const file = new URL(url).pathname.split('/').at(-1) ?? ''
  const safe = file
    .replace(/[^\w.-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(-MAX_FILE_NAME)
  if (sha256Prefix.length >= HASH_IN_NAME && safe.includes(sha256Prefix)) return safe
  const asked = new TextEncoder().encode(JSON.stringify([url, sha256Prefix]))
  const hash = new Sha256()
    .update(asked)
    .digest()
    .slice(0, 2 * HASH_IN_NAME)
  return `${hash}-${safe}`
}

async function downloadWithRetries(
  url: string,
  place: CachePlace,
  { retries = 3, ...options }: DownloadOptions
): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await download(url, place, options)
    } catch (error) {
      if (!(error instanceof PassingFault) || attempt >= retries) throw error
      await new Promise(resolve => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt))
    }
  }
}

async function download(
  url: string,
  place: CachePlace,
  { sha256Prefix = '', timeoutMs = 30_000, onProgress }: DownloadOptions
): Promise<string> {
  const connection = new AbortController()
  /** Applies the timeout to the server only, not to the disk or the caller. */
  const hear = async <T>(answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => connection.abort(), Math.min(timeoutMs, MAX_TIMER_MS))
    try {
      return await answer
    } catch (cause) {
      const reason = connection.signal.aborted
        ? `the server was silent for ${timeoutMs} ms`
        : networkFault(cause, url)
      throw new PassingFault(url, `cannot be downloaded: ${reason}`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }
  try {
    const response = await hear(fetch(url, { signal: connection.signal }))
    const total = checkResponse(url, response)
    const chunks = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      // Not every runtime's streams are iterable.
      const reader = response.body?.getReader()
      for (let received = 0; ;) {
        const chunk = reader && (await hear(reader.read())).value
        if (chunk === undefined) return
        received += chunk.byteLength
        onProgress?.(received, total)
        yield chunk
      }
    }
    return await keepInCache(place, chunks(), ({ size, sha256 }) => {
      if (total !== undefined && size !== total) {
        throw new PassingFault(url, `cannot be downloaded: ${size} of ${total} bytes arrived`)
      }
      if (!sha256.startsWith(sha256Prefix.toLowerCase())) {
        const begin = sha256.slice(0, sha256Prefix.length)
        throw new WeightsError(url, `its SHA-256 begins with ${begin}, expected ${sha256Prefix}`)
      }
    })
  } finally {
    connection.abort()
  }
}

function checkResponse(url: string, { ok, status, headers }: Response): number | undefined {
  if (!ok) {
    // Client errors worth a retry: request timeout, too many requests.
    const Refused = status >= 500 || status === 408 || status === 429 ? PassingFault : WeightsError
    throw new Refused(url, `cannot be downloaded: the server answers with status ${status}`)
  }
  // Single-page applications answer 200 with a page for missing files.
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) {
    throw new WeightsError(url, 'cannot be downloaded: the server answers with a web page, not weights')
  }
  // A compressed response declares its compressed size.
  const length = headers.has('content-encoding') ? null : headers.get('content-length')
  return length === null ? undefined : Number(length)
}
