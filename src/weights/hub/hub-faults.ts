// What the Hugging Face Hub's refusals mean, and what to do: some pass, some name a remedy.
import { AnswerFault, type Passes } from '../../platform/answers.js'
import { WeightsError } from '../bytes.js'
import type { HubAddress } from './address.js'
import { hostOf, type HubSettings } from './hub-settings.js'

/** Repeats a request that may pass. @throws WeightsError */
export async function withRetries<T>(
  address: HubAddress,
  settings: HubSettings,
  run: () => Promise<T>
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error
      if (error.passes === false || attempt > settings.retries) throw refusal(address, error.message, error)
      await pause(error, attempt, address)
    }
  }
}

/** A request that may succeed later; what is kept may serve meanwhile. */
export class UnreachableError extends WeightsError {
  override get name(): string {
    return 'WeightsError'
  }
}

export function refusal(address: HubAddress, fault: string, cause?: AnswerFault): WeightsError {
  const passes = cause?.passes ?? false
  const Refusal = passes === false ? WeightsError : UnreachableError
  return new Refusal(address.text, fault, cause && { cause })
}

/** Too many requests: the hub says when to come back. */
class LimitFault extends AnswerFault {
  constructor(
    fault: string,
    readonly seconds: number
  ) {
    super(fault, true)
  }
}

const FIRST_PAUSE_MS = 500
// Longer, and a person wonders whether anything happens.
const LONGEST_WAIT_S = 20

export async function pause(fault: AnswerFault, attempt: number, address: HubAddress): Promise<void> {
  if (fault instanceof LimitFault && fault.seconds > LONGEST_WAIT_S)
    throw refusal(address, fault.message, fault)
  const ms =
    fault instanceof LimitFault ? 1000 * fault.seconds : FIRST_PAUSE_MS * 2 ** Math.max(0, attempt - 1)
  await new Promise(resolve => setTimeout(resolve, ms))
}

/** @throws AnswerFault that says what to do. */
export function assertAnswered(status: number, headers: Headers, settings: HubSettings, file?: string): void {
  if (status === 200) return
  throw status === 429
    ? tooMany(headers, settings)
    : new AnswerFault(faultOf(status, headers, settings, file), passesOf(status))
}

function passesOf(status: number): Passes {
  return status >= 500 || status === 408
}

function faultOf(status: number, headers: Headers, settings: HubSettings, file: string | undefined): string {
  const code = headers.get('x-error-code')
  const host = hostOf(settings)
  const giving = 'give a token that may read it (HF_TOKEN, or hub.token in code)'
  if (code === 'GatedRepo' || status === 403) {
    const remedy = `ask for access on its page on ${host}, then ${giving}`
    return code === 'GatedRepo' || settings.token === undefined
      ? `the repository is gated (status ${status}): ${remedy}`
      : `${host} refuses to give it (status ${status}): the token (HF_TOKEN) may not read it, or access has to be asked for on its page`
  }
  if (code === 'RevisionNotFound') return 'the repository has no such branch, tag or commit'
  if (code === 'EntryNotFound' && file !== undefined) return noFile(file)
  if (status === 401) {
    return settings.token === undefined
      ? `${host} has no such repository, or it is private (status 401): check the name, or ${giving}`
      : `${host} has no such repository, or does not accept the token (HF_TOKEN) for it (status 401)`
  }
  if (status === 404) return file === undefined ? `${host} has no such repository` : noFile(file)
  return `${host} answers with status ${status}`
}

export function noFile(file: string): string {
  return `the repository has no file ${file}`
}

function tooMany(headers: Headers, settings: HubSettings): LimitFault {
  const until = /(?:^|[;,\s])t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? headers.get('retry-after')
  const seconds = until !== null && /^\d+$/.test(until) ? Number(until) : 1
  const more = settings.token === undefined ? '; more are allowed with a token (HF_TOKEN)' : ''
  const fault = `${hostOf(settings)} has had too many requests from here (status 429)`
  return new LimitFault(`${fault}: try again in ${seconds} s${more}`, seconds)
}
