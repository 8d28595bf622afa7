// Downloads weights once: verified by hash, stored atomically, with retries.
import {
  instanceOf,
  either,
  checkArguments,
  aFunction,
  aString,
  checkOptions,
  numberFrom,
  wholeNumber,
  type OptionsOf
} from '../base/options.js'
import {
  fileName,
  findCached,
  keepInCache,
  networkFault,
  resolveAddress,
  Sha256,
  type CachePlace
} from '#platform'
import { AnswerFault, receive } from '../platform/answers.js'
import { WeightsError } from './bytes.js'

const OPTIONS = {
  /** The first hex digits of the file's SHA-256; another file is rejected. */
  sha256Prefix: aString,
  /** Where to store it; default `$RESNET_TS_CACHE`, or `resnet-ts` in the user's cache folder; in a page, part of the name. */
  cacheFolder: aString,
  /** Timeout of the server's silence in milliseconds; default 30,000. */
  timeoutMs: numberFrom(0),
  /** Limit on the file's size; default 32 GiB. */
  maxBytes: wholeNumber(0),
  /** Retries after network or server faults; default 3. */
  retries: wholeNumber(0),
  /** Called with the bytes received and, if known, the total; for a shared download, only the first caller's. */
  onProgress: aFunction<(received: number, total: number | undefined) => void>()
}

/** Options of `fetchWeights`. */
export interface DownloadOptions extends OptionsOf<typeof OPTIONS> {}

class PassingFault extends WeightsError {
  /** How many more requests it is worth. */
  mostRetries = Infinity

  override get name(): string {
    return 'WeightsError'
  }
}

// Far above any published weights of a residual network.
const MAX_BYTES = 32 * 2 ** 30
const FIRST_PAUSE_MS = 500
// As long as in torch's file names.
const HASH_IN_NAME = 8
const MAX_FILE_NAME = 100

const underWay = new Map<string, Promise<string>>()

/**
 * Downloads a file of weights, unless it is cached and still has its hash, and returns its path (torch: `load_state_dict_from_url`). Concurrent calls for
 * one file share a download.
 *
 * In a page, the URL may be relative, and the result is a name in cache storage that all functions that read files accept.
 * @throws WeightsError naming the URL when it cannot be downloaded or is not the expected file.
 * @throws FileError when the cache cannot be written.
 */
export async function fetchWeights(address: string | URL, options: DownloadOptions = {}): Promise<string> {
  checkOptions('fetchWeights', options, OPTIONS)
  checkArguments('fetchWeights', { address }, { address: either(aString, instanceOf(URL)) })
  const url = resolveAddress(address)
  const place = { folder: options.cacheFolder, name: cacheName(url, options.sha256Prefix) }
  const cached = await findCached(place, options.sha256Prefix ?? '')
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
    throw new WeightsError(fileName(url), 'is not an http or https URL')
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
      if (!(error instanceof PassingFault) || attempt >= Math.min(retries, error.mostRetries)) throw error
      await new Promise(resolve => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt))
    }
  }
}

async function download(
  url: string,
  place: CachePlace,
  { sha256Prefix = '', maxBytes = MAX_BYTES, timeoutMs, onProgress }: DownloadOptions
): Promise<string> {
  const chunks = receive(url, { timeoutMs, maxBytes, onProgress, explain: networkFault })
  try {
    return await keepInCache(place, chunks, ({ sha256 }) => {
      if (sha256.startsWith(sha256Prefix.toLowerCase())) return
      const begin = sha256.slice(0, sha256Prefix.length)
      throw new WeightsError(fileName(url), `its SHA-256 begins with ${begin}, expected ${sha256Prefix}`)
    })
  } catch (error) {
    if (!(error instanceof AnswerFault)) throw error
    const sentence = `cannot be downloaded: ${error.message}`
    if (error.passes === false) throw new WeightsError(fileName(url), sentence, { cause: error })
    const passing = new PassingFault(fileName(url), sentence, { cause: error })
    if (error.passes === 'once') passing.mostRetries = 1
    throw passing
  }
}
