// How the Hugging Face Hub is asked: what the caller says, or else the environment.
import {
  aBoolean,
  aString,
  checkOptions,
  numberFrom,
  wholeNumber,
  type OptionsOf
} from '../../base/options.js'
import { hubEnvironment } from '#platform'
import { WeightsError } from '../bytes.js'

export const HUB_OPTIONS = {
  /** A token for repositories that are private or gated; default `HF_TOKEN`, or what `hf auth login` has saved. */
  token: aString,
  /** The hub's address; default `HF_ENDPOINT`, or https://huggingface.co. */
  endpoint: aString,
  /** Where files are kept; default Python's cache: `HF_HUB_CACHE`, or `hub` in `HF_HOME`. */
  cacheFolder: aString,
  /** Take what is kept and ask nobody; default `HF_HUB_OFFLINE`. */
  offline: aBoolean,
  /** Timeout of the hub's silence in milliseconds; default 30,000. */
  timeoutMs: numberFrom(0),
  /** Retries after network or server faults; default 3. */
  retries: wholeNumber(0)
}

/** How the Hugging Face Hub is asked. */
export interface HubOptions extends OptionsOf<typeof HUB_OPTIONS> {}

export interface HubSettings {
  readonly endpoint: string
  readonly token: string | undefined
  readonly isOffline: boolean
  readonly downloadTimeoutMs: number | undefined
  readonly etagTimeoutMs: number | undefined
  readonly retries: number
}

/** What the options say, or else the environment. @throws WeightsError for an endpoint that is no address. */
export async function hubSettings(options: HubOptions): Promise<HubSettings> {
  checkOptions('the option hub', options, HUB_OPTIONS)
  const environment = await hubEnvironment()
  const endpoint = (options.endpoint ?? environment.endpoint ?? 'https://huggingface.co').replace(/\/+$/, '')
  const isAddress = URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)
  if (!isAddress) throw new WeightsError(endpoint, 'is not an http or https URL, which HF_ENDPOINT has to be')
  const { username, password, search, hash } = new URL(endpoint)
  // Neither is shown: they may be secret.
  if (username !== '' || password !== '') {
    const remedy = 'leave it out, and give a token (HF_TOKEN, or hub.token in code)'
    throw new WeightsError('HF_ENDPOINT', `is an address with a name or password: ${remedy}`)
  }
  if (search !== '' || hash !== '')
    throw new WeightsError('HF_ENDPOINT', 'is an address with ? or #, below which no hub has its files')
  const token = options.token ?? environment.token
  // Said here, since what a runtime says of such a header shows it.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new WeightsError('HF_TOKEN', 'has characters that no token has: copy it again')
  return {
    endpoint,
    token,
    isOffline: options.offline ?? environment.isOffline ?? false,
    downloadTimeoutMs: options.timeoutMs ?? environment.downloadTimeoutMs,
    etagTimeoutMs: options.timeoutMs ?? environment.etagTimeoutMs,
    retries: options.retries ?? 3
  }
}

export function hostOf({ endpoint }: HubSettings): string {
  return new URL(endpoint).host
}

/** Whether an address is the hub's own, and not of where it keeps large files. */
export function isOfHub(url: string, { endpoint }: HubSettings): boolean {
  return new URL(url).origin === new URL(endpoint).origin
}
