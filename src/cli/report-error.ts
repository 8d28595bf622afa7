// How an error reaches a person at a terminal: one line, and an exit code that says whose mistake it was.
import { StateDictError } from '../nn/state-dict.js'
import { ResnetError } from '../base/errors.js'
import { say } from './moving-line.js'

const SHOWN_FAULTS = 3

/** Prints an error to stderr and returns the exit code: 2 for a user's mistake, 1 for a fault of this package. */
export function reportError(error: unknown, debug: boolean): 1 | 2 {
  const isMistake = error instanceof ResnetError
  const message = isMistake ? oneLine(error) : `internal error: ${String(error)}`
  const hint = isMistake || debug ? '' : ' (--debug shows where)'
  say(`${message}${hint}`)
  if (debug) process.stderr.write(`${stacksOf(error).join('\ncaused by ')}\n`)
  return isMistake ? 2 : 1
}

/** A list of faults becomes its first few and the number of the others. */
function oneLine(error: ResnetError): string {
  const [head, ...faults] = error.message.split('\n').map(line => line.trim())
  const isList = [error, error.cause].some(each => each instanceof StateDictError)
  if (!isList) return [head, ...faults].join(' ')
  const rest = faults.length - SHOWN_FAULTS
  const more = rest > 0 ? ` and ${rest} more (--debug lists them)` : ''
  return `${head} ${faults.slice(0, SHOWN_FAULTS).join('; ')}${more}`
}

function stacksOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  return [error.stack ?? error.message, ...stacksOf(error.cause)]
}
