// Published weights, downloaded once: checked against their hash, kept whole or not at all, tried again when the
// network stumbles.
import { aFunction, aString, checkOptions, numberFrom, wholeNumber, type Checks } from '../base/options.js'
import { findCached, keepInCache, networkFault, resolveAddress, Sha256, type CachePlace } from '#platform'
import { WeightsError } from './weights-error.js'

/** How a download is made. */
export interface DownloadOptions {
  /** The first hex digits of the file's SHA-256; a file that differs is refused. */
  readonly sha256Prefix?: string
  /** Where to keep it; default `$RESNET_TS_CACHE`, or `resnet-ts` in the user's cache folder; in a page, a part of the name. */
  readonly cacheFolder?: string
  /** How long the server may be silent, in milliseconds; default 30,000. */
  readonly timeoutMs?: number
  /** How often to try again after a fault of the network or the server; default 3. */
  readonly retries?: number
  /** Called with the bytes received and, if the server says, their total; of callers sharing a download, the first's is. */
  readonly onProgress?: (received: number, total: number | undefined) => void
}

const OPTIONS: Checks<DownloadOptions> = {
  sha256Prefix: aString,
  cacheFolder: aString,
  timeoutMs: numberFrom(0),
  retries: wholeNumber(0),
  onProgress: aFunction()
}

/** A fault that may be gone at the next attempt. */
class PassingFault extends WeightsError {
  override get name(): string {
    return 'WeightsError'
  }
}

const FIRST_PAUSE_MS = 500
// What a timer can count.
const MAX_TIMER_MS = 2 ** 31 - 1
// Statuses below 500 that may be gone at the next attempt: request timeout, too many requests.
const PASSING: readonly number[] = [408, 429]
// As many as torch puts into the names of its files.
const HASH_IN_NAME = 8
const MAX_FILE_NAME = 100

const underWay = new Map<string, Promise<string>>()

/**
 * Downloads a file of weights, unless it is there already, and returns where it is (torch: `load_state_dict_from_url`).
 * Callers that ask for the same file at the same time share one download.
 *
 * In a page the address may be relative, and what is returned is not an address but a name for what its cache storage
 * keeps, which everything here that reads files takes.
 * @throws WeightsError that names the URL when it cannot be downloaded or is not the expected file.
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
 * The name a download is kept under: the file's own where that holds its hash, as torch's do. Otherwise two addresses
 * may end in the same name and mean different files, and a hash that was asked for must have been checked, so a hash
 * of both comes before it. Characters that a file system may refuse are replaced.
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
  /** Waits for the server alone: time spent on the disk or in the caller does not count as its silence. */
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
      // Not every runtime's stream can be iterated; a reader works everywhere.
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
    // Ends what is not needed: the body of an error response, the rest of what could not be stored.
    connection.abort()
  }
}

/** The announced size. */
function checkResponse(url: string, { ok, status, headers }: Response): number | undefined {
  if (!ok) {
    const Refused = status >= 500 || PASSING.includes(status) ? PassingFault : WeightsError
    throw new Refused(url, `cannot be downloaded: the server answers with status ${status}`)
  }
  // Many servers answer with an application's own page, and success, where there is no such file.
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) {
    throw new WeightsError(url, 'cannot be downloaded: the server answers with a web page, not weights')
  }
  // A compressed answer announces its compressed size.
  const length = headers.has('content-encoding') ? null : headers.get('content-length')
  return length === null ? undefined : Number(length)
}
