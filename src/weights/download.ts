// Published weights, downloaded once: checked against their hash, kept whole or not at all, tried again when the
// network stumbles.
import { findCached, keepInCache, type CachePlace } from '#platform'
import { WeightsError } from './weights-error.js'

/** How a download is made. */
export interface DownloadOptions {
  /** The first hex digits of the file's SHA-256; a file that differs is refused. */
  readonly sha256Prefix?: string
  /** Where to keep it; default `$RESNET_TS_CACHE`, or `resnet-ts` in the user's cache folder. */
  readonly cacheFolder?: string
  /** How long the server may be silent, in milliseconds; default 30,000. */
  readonly timeoutMs?: number
  /** How often to try again after a fault of the network or the server; default 3. */
  readonly retries?: number
  /** Hears how many bytes have come, of how many where the server says so. */
  readonly onProgress?: (received: number, total: number | undefined) => void
}

/** A fault that another attempt may not meet. */
class PassingFault extends WeightsError {
  override get name(): string {
    return 'WeightsError'
  }
}

const FIRST_PAUSE_MS = 500

const underWay = new Map<string, Promise<string>>()

/**
 * Downloads a file of weights, unless it is there already, and returns where it is (torch: `load_state_dict_from_url`).
 * Callers that ask for the same file at the same time share one download.
 *
 * @throws WeightsError that names the URL when it cannot be had or is not the file it should be.
 * @throws FileError when the cache cannot be written.
 */
export async function fetchWeights(url: string, options: DownloadOptions = {}): Promise<string> {
  const place = { folder: options.cacheFolder, name: cacheName(url, options.sha256Prefix) }
  const cached = await findCached(place)
  if (cached !== undefined) return cached
  const key = JSON.stringify([place.folder, url])
  const running = underWay.get(key) ?? downloadWithRetries(url, place, options)
  underWay.set(key, running)
  try {
    return await running
  } finally {
    underWay.delete(key)
  }
}

/**
 * The name a download is kept under: the file's own where that holds its hash, and otherwise its whole address, since
 * two hosts may give other files the same name. What a file system might take amiss is replaced.
 */
function cacheName(url: string, sha256Prefix: string | undefined): string {
  if (!URL.canParse(url)) throw new WeightsError('is not a URL', url)
  const { host, pathname, search } = new URL(url)
  const file = pathname.split('/').at(-1) ?? ''
  const isUnique = sha256Prefix !== undefined && sha256Prefix !== '' && file.includes(sha256Prefix)
  return (isUnique ? file : `${host}${pathname}${search}`).replace(/[^\w.-]/g, '_').replace(/^\.+/, '_')
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
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), timeoutMs)
  const heard = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), timeoutMs)
  }
  const fault = (error: unknown): PassingFault => {
    const reason = silence.signal.aborted ? `the server was silent for ${timeoutMs} ms` : reasonOf(error)
    return new PassingFault(`cannot be downloaded: ${reason}`, url, { cause: error })
  }
  try {
    const response = await fetch(url, { signal: silence.signal }).catch((error: unknown) => {
      throw fault(error)
    })
    const total = checkResponse(url, response)
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      let received = 0
      try {
        // Not every runtime's stream can be iterated; a reader works everywhere.
        const reader = response.body?.getReader()
        for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
          heard()
          received += part.value.byteLength
          onProgress?.(received, total)
          yield part.value
        }
      } catch (error) {
        throw fault(error)
      }
    }
    return await keepInCache(place, chunks(), ({ size, sha256 }) => {
      if (total !== undefined && size !== total) {
        throw new PassingFault(`cannot be downloaded: ${size} of ${total} bytes came`, url)
      }
      if (!sha256.startsWith(sha256Prefix)) {
        throw new WeightsError(`its SHA-256 begins with ${sha256.slice(0, 8)}, expected ${sha256Prefix}`, url)
      }
    })
  } finally {
    clearTimeout(timer)
  }
}

/** The announced size. */
function checkResponse(url: string, { ok, status, headers }: Response): number | undefined {
  if (!ok) {
    const Fault = status >= 500 || status === 429 ? PassingFault : WeightsError
    throw new Fault(`cannot be downloaded: the server answers with status ${status}`, url)
  }
  // A compressed answer announces its compressed size.
  const length = headers.has('content-encoding') ? null : headers.get('content-length')
  return length === null ? undefined : Number(length)
}

/** `fetch` says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
