// Speaks the Hugging Face Hub's protocol: resolves a revision to a commit, and downloads files whole, by their hash. Its
// headers are those of huggingface_hub's client.
import { wholeNumber } from '../../base/options.js'
import { checkedBy, list, optional, partOf, text, type Reader } from '../../base/schema.js'
import { quote } from '../../base/words.js'
import { gitHash, kindOfEtag, networkFault, SEES_REDIRECTS, Sha256 } from '#platform'
import { AnswerFault, receive, timerMs } from '../../platform/answers.js'
import { WeightsError } from '../bytes.js'
import type { HubAddress } from './address.js'
import { assertAnswered, noFile, pause, refusal, withRetries } from './hub-faults.js'
import { asked, askJson } from './hub-requests.js'
import { hostOf, isOfHub, type HubSettings } from './hub-settings.js'

/** What the hub says of a commit. */
export interface HubCommit {
  readonly sha: string
  readonly files: readonly string[]
  readonly licence: string | undefined
}

const MOST_FILES = 2 ** 17
const path = text(4096)
const nullable = <T>(read: Reader<T>): Reader<T | undefined> =>
  optional((value, path) => (value === null ? undefined : read(value, path)))

const readCommit = partOf({
  sha: checkedBy<string>({
    expected: 'a commit of 40 hex digits',
    accepts: value => typeof value === 'string' && /^[\da-f]{40}$/.test(value)
  }),
  siblings: nullable(list(partOf({ rfilename: path }), 0, MOST_FILES)),
  cardData: nullable(partOf({ license: optional((value: unknown) => value) }))
})

/** Asks which commit a revision is, and what it holds. @throws WeightsError saying what to do. */
export async function askCommit(address: HubAddress, settings: HubSettings): Promise<HubCommit> {
  const { repository, revision } = address
  const url = `${settings.endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}`
  const { sha, siblings, cardData } = await askJson(url, address, settings, readCommit)
  const licence = cardData?.license
  return {
    sha,
    files: (siblings ?? []).map(({ rfilename }) => rfilename),
    licence: typeof licence === 'string' ? licence : undefined
  }
}

/** A file before it is downloaded. */
export interface HubFile {
  /** Its SHA-256, or git's hash of it. */
  readonly etag: string
  readonly size: number | undefined
  /** Where it is, perhaps on another host, which is given no token. */
  readonly url: string
}

function resolveUrl({ repository }: HubAddress, commit: string, file: string, endpoint: string): string {
  const path = file
    .split('/')
    .map(part => encodeURIComponent(part))
    .join('/')
  return `${endpoint}/${repository}/resolve/${commit}/${path}`
}

/** Asks for a file's hash, size and place. @throws WeightsError saying what to do. */
export async function askFile(
  address: HubAddress,
  commit: string,
  file: string,
  settings: HubSettings
): Promise<HubFile> {
  const url = resolveUrl(address, commit, file, settings.endpoint)
  const found = SEES_REDIRECTS
    ? await withRetries(address, settings, () => headOf(url, file, settings))
    : await pathInfo(address, commit, file, settings)
  if (kindOfEtag(found.etag) !== undefined) return { url, ...found }
  const fault = `${hostOf(settings)} does not say the hash of ${file} (X-Linked-ETag or ETag)`
  throw new WeightsError(address.text, `${fault}: HF_ENDPOINT has to be a hub`)
}

const MOST_REDIRECTS = 10

/** The headers of a file, those of large ones on the redirect that leaves the hub. */
async function headOf(start: string, file: string, settings: HubSettings): Promise<HubFile> {
  let url = start
  for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
    const { status, headers } = await asked(
      url,
      AbortSignal.timeout(timerMs(settings.etagTimeoutMs ?? 10_000)),
      settings,
      {
        method: 'HEAD',
        redirect: 'manual',
        // Otherwise sizes are of what is compressed.
        headers: { 'accept-encoding': 'identity' }
      }
    )
    const location = headers.get('location')
    const isRedirect = status >= 300 && status < 400 && location !== null
    if (!isRedirect) assertAnswered(status, headers, settings, file)
    const target = isRedirect ? redirected(location, url, settings) : url
    // A renamed repository is answered by a place on the same host, without one.
    if (isRedirect && !URL.canParse(location)) {
      url = target
      continue
    }
    return {
      etag: bare(headers.get('x-linked-etag') ?? headers.get('etag')),
      size: sizeIn(headers),
      url: target
    }
  }
  throw new AnswerFault('the address redirects without end', false)
}

/** @throws AnswerFault for a place that is not on the web. */
function redirected(location: string, from: string, settings: HubSettings): string {
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (target && /^https?:$/.test(target.protocol)) return target.href
  throw new AnswerFault(`${hostOf(settings)} redirects to ${quote(location)}, which is no address`, false)
}

function bare(etag: string | null): string {
  return (etag ?? '').replace(/^W\//, '').replaceAll('"', '')
}

function sizeIn(headers: Headers): number | undefined {
  const isCompressed = headers.has('content-encoding')
  const size = headers.get('x-linked-size') ?? (isCompressed ? null : headers.get('content-length'))
  return size !== null && /^\d+$/.test(size) ? Number(size) : undefined
}

const readInfos = list(
  partOf({
    path,
    oid: text(64),
    size: checkedBy(wholeNumber(0)),
    lfs: nullable(partOf({ oid: text(64), size: checkedBy(wholeNumber(0)) }))
  }),
  0,
  1
)

/** The same where redirects are followed unseen. */
async function pathInfo(
  address: HubAddress,
  commit: string,
  file: string,
  settings: HubSettings
): Promise<Omit<HubFile, 'url'>> {
  const url = `${settings.endpoint}/api/models/${address.repository}/paths-info/${commit}`
  const body = JSON.stringify({ paths: [file], expand: false })
  const [info] = await askJson(url, address, settings, readInfos, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' }
  })
  if (!info) throw new WeightsError(address.text, noFile(file))
  return { etag: info.lfs?.oid ?? info.oid, size: info.lfs?.size ?? info.size }
}

// Far above any published weights of a residual network.
const MAX_BYTES = 32 * 2 ** 30
/** Of files that are not in LFS, which the hub limits to 10 MB. */
const MAX_GIT_BYTES = 2 ** 26

/**
 * A file's bytes as they arrive, from where a broken connection left off, checked by size and hash after the last.
 * @throws WeightsError
 */
export async function* download(
  address: HubAddress,
  file: string,
  first: HubFile,
  settings: HubSettings,
  { again, onProgress }: Downloading
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  const { etag, size } = first
  const hash = hashOf(etag)
  let place = first
  let have = 0
  let fruitless = 0
  for (;;) {
    const before = have
    try {
      for await (const chunk of rest(place, have, hash.maxBytes, file, settings)) {
        have += chunk.byteLength
        if (size !== undefined && have > size) {
          const fault = `${file} has more than the ${size} bytes that the hub says`
          throw refusal(address, `${fault}: it is another file or was changed on its way; try again`)
        }
        hash.update(chunk)
        onProgress?.(have, size)
        yield chunk
      }
      if (size !== undefined && have < size) throw new AnswerFault(`${have} of ${size} bytes arrived`, true)
      break
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error
      fruitless = have > before ? 0 : fruitless + 1
      const isWorthIt = error.passes !== false && fruitless <= settings.retries && settings.retries > 0
      if (!isWorthIt) throw refusal(address, `${file} cannot be downloaded: ${error.message}`, error)
      await pause(error, fruitless, address)
      // A signed address expires.
      place = await again()
      if (place.etag !== etag)
        throw refusal(address, `${file} changed while it was downloaded: try again`, error)
    }
  }
  const found = await hash.digest()
  if (found === etag && (size === undefined || have === size)) return undefined
  const fault = `${file} has the hash ${found}, but the hub says ${etag}`
  throw refusal(address, `${fault}: it is another file or was changed on its way; try again`)
}

export interface Downloading {
  /** Asks for the file's place once more. */
  readonly again: () => Promise<HubFile>
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined
}

interface Hash {
  update(bytes: Uint8Array): void
  digest(): Promise<string>
  readonly maxBytes: number
}

function hashOf(etag: string): Hash {
  if (kindOfEtag(etag) === 'sha256') {
    const hash = new Sha256()
    return {
      maxBytes: MAX_BYTES,
      update: bytes => void hash.update(bytes),
      digest: async () => hash.digest()
    }
  }
  // Git's hash begins with the size, which a compressed answer does not say.
  const chunks: Uint8Array<ArrayBuffer>[] = []
  return {
    maxBytes: MAX_GIT_BYTES,
    update: bytes => void chunks.push(new Uint8Array(bytes)),
    digest: async () => gitHash(new Uint8Array(await new Blob(chunks).arrayBuffer()))
  }
}

/** The bytes of a file from `have` on. */
async function* rest(
  { url }: HubFile,
  have: number,
  maxBytes: number,
  file: string,
  settings: HubSettings
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  let skipped = have
  const request = async (url: string, signal: AbortSignal): Promise<Response> => {
    // In a page, a range asks the second host for a permission that it may not give.
    const range = have > 0 && SEES_REDIRECTS ? { range: `bytes=${have}-` } : {}
    const answer = await asked(url, signal, settings, { headers: range })
    const isRest = answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${have}-`)
    if (isRest === true) {
      skipped = 0
      return new Response(answer.body, { headers: answer.headers })
    }
    if (answer.status === 403 && !isOfHub(url, settings)) {
      void answer.body?.cancel()
      throw new AnswerFault('the address of the file has expired', true)
    }
    assertAnswered(answer.status, answer.headers, settings, file)
    return answer
  }
  const { downloadTimeoutMs: timeoutMs } = settings
  for await (const chunk of receive(url, { maxBytes, timeoutMs, explain: networkFault, request })) {
    // A server that knows no ranges sends what is there already, too.
    const part = chunk.subarray(Math.min(skipped, chunk.byteLength))
    skipped -= chunk.byteLength - part.byteLength
    if (part.byteLength > 0) yield part
  }
  return undefined
}
