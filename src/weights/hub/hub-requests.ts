// Requests to the Hugging Face Hub.
import { readJson, SchemaError, type Reader } from '../../base/schema.js'
import { networkFault } from '#platform'
import { AnswerFault, receive, type Asking } from '../../platform/answers.js'
import type { HubAddress } from './address.js'
import { assertAnswered, withRetries } from './hub-faults.js'
import { hostOf, isOfHub, type HubSettings } from './hub-settings.js'

export type HubRequest = Omit<RequestInit, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>
}

/** A page looks at the answer, too. */
const explain: Asking['explain'] = networkFault

/** A request; the token goes to the hub's own host alone. */
export async function asked(
  url: string,
  signal: AbortSignal,
  settings: HubSettings,
  { headers, ...init }: HubRequest = {}
): Promise<Response> {
  const { token } = settings
  const authorization =
    token !== undefined && isOfHub(url, settings) ? { authorization: `Bearer ${token}` } : {}
  try {
    return await fetch(url, { ...init, headers: { ...headers, ...authorization }, signal })
  } catch (cause) {
    if (signal.aborted) throw new AnswerFault('the hub was silent for too long', true, { cause })
    const { fault, passes } = await explain(cause, url, false)
    throw new AnswerFault(fault, passes, { cause })
  }
}

const MOST_JSON_BYTES = 2 ** 25

/** Asks for JSON. @throws WeightsError */
export async function askJson<T>(
  url: string,
  address: HubAddress,
  settings: HubSettings,
  read: Reader<T>,
  init: HubRequest = {}
): Promise<T> {
  return withRetries(address, settings, async () => {
    const request = async (url: string, signal: AbortSignal): Promise<Response> => {
      const answer = await asked(url, signal, settings, init)
      if (answer.status !== 200) void answer.body?.cancel()
      assertAnswered(answer.status, answer.headers, settings)
      return answer
    }
    const asking = { maxBytes: MOST_JSON_BYTES, explain, request }
    const decoder = new TextDecoder()
    let text = ''
    const timeoutMs = settings.etagTimeoutMs
    for await (const chunk of receive(url, { ...asking, timeoutMs })) {
      text += decoder.decode(chunk, { stream: true })
    }
    try {
      return readJson(text + decoder.decode(), 'its answer', read)
    } catch (cause) {
      if (!(cause instanceof SchemaError)) throw cause
      const fault = `${hostOf(settings)} does not answer as a hub: ${cause.message}`
      throw new AnswerFault(`${fault}; HF_ENDPOINT says which one is asked`, false, { cause })
    }
  })
}
