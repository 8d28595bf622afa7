// What a server answers: checked before it is believed, bounded in size and silence. Knows no platform: each says in its own
// words why a request failed.
import { Fault } from '../base/errors.js'

/** Whether the next request may succeed; `once` where it is worth one more at most. */
export type Passes = boolean | 'once'

/** An answer that is not the file, as the end of a sentence. */
export class AnswerFault extends Fault {
  constructor(
    fault: string,
    readonly passes: Passes,
    options?: ErrorOptions
  ) {
    super(fault, options)
  }
}

/** Why a request failed. */
export interface NetworkFault {
  /** The end of a sentence. */
  readonly fault: string
  readonly passes: Passes
}

export interface Asking {
  /** How the address is asked; default `fetch`. What it throws as an AnswerFault counts as it is. */
  readonly request?: ((url: string, signal: AbortSignal) => Promise<Response>) | undefined
  readonly maxBytes: number
  /** Of what is decoded from a compressed answer that does not say its size, so that its growth is unknown; default `maxBytes`. */
  readonly maxUnsized?: number | undefined
  /** Of the server's silence. */
  readonly timeoutMs?: number | undefined
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined
  /** @param hasBegun whether the failure is of an answer that had begun, and not of the request. */
  readonly explain: (
    error: unknown,
    address: string,
    hasBegun: boolean
  ) => NetworkFault | Promise<NetworkFault>
}

export const TIMEOUT_MS = 30_000
// The maximum of timers.
const MAX_TIMER_MS = 2 ** 31 - 1

/** A time that timers take: whole, and not too long for them. */
export function timerMs(milliseconds: number): number {
  return Math.min(Math.ceil(milliseconds), MAX_TIMER_MS)
}

/** The bytes that an address leads to, as they arrive: all of them, or an error. @throws AnswerFault */
export async function* receive(
  url: string,
  {
    maxBytes,
    maxUnsized = maxBytes,
    timeoutMs = TIMEOUT_MS,
    onProgress,
    explain,
    request = plainRequest
  }: Asking
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  const connection = new AbortController()
  let hasBegun = false
  /** Applies the timeout to the server only, not to the disk or the caller. */
  const hear = async <T>(answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => connection.abort(), timerMs(timeoutMs))
    try {
      return await answer
    } catch (cause) {
      if (cause instanceof AnswerFault) throw cause
      const isSilent = connection.signal.aborted
      const { fault, passes } = isSilent ? silence(timeoutMs) : await explain(cause, url, hasBegun)
      throw new AnswerFault(fault, passes, { cause })
    } finally {
      clearTimeout(timer)
    }
  }
  try {
    if (CREDENTIALED.test(url)) throw new AnswerFault(CREDENTIALS, false)
    const response = await hear(request(url, connection.signal))
    hasBegun = true
    const total = checkAnswer(response)
    checkLength(total ?? 0, maxBytes)
    const mostDecoded = decodedLimit(response, maxUnsized)
    // Not every runtime's streams are iterable.
    const reader = response.body?.getReader()
    let received = 0
    for (;;) {
      const chunk = reader && (await hear(reader.read())).value
      if (chunk === undefined) break
      received += chunk.byteLength
      checkLength(received, maxBytes)
      if (received > mostDecoded) throw new AnswerFault(growth(response, mostDecoded), false)
      onProgress?.(received, total)
      yield chunk
    }
    if (total !== undefined && received !== total) {
      throw new AnswerFault(`${received} of ${total} bytes arrived`, true)
    }
    if (received === 0) throw new AnswerFault('the server answers with an empty file', false)
    return undefined
  } finally {
    connection.abort()
  }
}

const CREDENTIALED = /^(\s*https?:[\\/]*)[^\\/?#]*@/i
// Said here, since what a runtime says of such an address shows it.
const CREDENTIALS = 'no request is made to an address with a name or password: leave it out'

/** An address as it may be shown: without the name and password before its host. */
export function withoutCredentials(url: string): string {
  return url.replace(CREDENTIALED, '$1…@')
}

function plainRequest(url: string, signal: AbortSignal): Promise<Response> {
  return fetch(url, { signal })
}

function silence(timeoutMs: number): NetworkFault {
  return { fault: `the server was silent for ${timeoutMs} ms`, passes: true }
}

/** The file's size, if the answer says it. */
function checkAnswer({ status, headers }: Response): number | undefined {
  if (status !== 200) {
    // Of a client's errors, these pass: request timeout, too many requests. Of success, only 200 brings the whole file.
    throw new AnswerFault(
      `the server answers with status ${status}`,
      status >= 500 || status === 408 || status === 429
    )
  }
  // Many servers answer with the application's own page, and success, where there is no such file.
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) {
    throw new AnswerFault('the server answers with a web page; is there such a file?', false)
  }
  // A compressed answer declares its compressed size.
  const length = headers.has('content-encoding') ? null : headers.get('content-length')
  return length === null ? undefined : Number(length)
}

// Neither pictures nor weights shrink as far; what does is made to fill the memory.
const MOST_GROWTH = 100
const FREE_BYTES = 2 ** 24

/** What a compressed answer may become. */
function decodedLimit({ headers }: Response, maxUnsized: number): number {
  if (!headers.has('content-encoding')) return Infinity
  const length = headers.get('content-length')
  return length === null ? maxUnsized : Math.max(FREE_BYTES, MOST_GROWTH * Number(length))
}

function growth({ headers }: Response, limit: number): string {
  return headers.has('content-length')
    ? `it grows over ${MOST_GROWTH} times when it is decoded`
    : `it is compressed, does not say its size and becomes more than ${limit} bytes; serve it uncompressed`
}

function checkLength(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new AnswerFault(`has more than the ${maxBytes} bytes that are allowed`, false)
}
