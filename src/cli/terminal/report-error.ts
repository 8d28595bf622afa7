// Reports an error in one line, with an exit code.
import { StateDictError } from '../../nn/module/state-dict.js'
import { ResnetError } from '../../base/errors.js'
import { faultOf } from '../../base/kinds.js'
import { NetworkError } from '../../networks/network-error.js'
import { argument } from './argument.js'
import { limitOf } from './open-files.js'
import { note, say } from './output.js'

const SHOWN_FAULTS = 3

/** Prints an error to stderr and returns the exit code: 2 for a user's mistake, 1 for a fault of this package. */
export function reportError(error: unknown, debug: boolean): 1 | 2 {
  const limit = limitOf(error)
  const isMistake = error instanceof ResnetError || limit !== undefined
  const message =
    limit ?? (error instanceof ResnetError ? oneLine(error) : `internal error: ${faultOf(error)}`)
  const hint = isMistake || debug ? '' : ' (--debug shows where)'
  say(`${message}${hint}`)
  if (debug) note(...stacksOf(error).join('\ncaused by ').split('\n'))
  return isMistake ? 2 : 1
}

/** Commands whose networks are arguments, without an option of that name. */
const MODELS_AS_ARGUMENTS = ['compare', 'gradient-flow', 'init']

/** A message in one line: the first faults of a list, and the number of the others. */
export function oneLine(error: ResnetError, command = process.argv[2]): string {
  const [head, ...faults] = error.message.split('\n').map(line => line.trim())
  const { model, ...other } = error instanceof NetworkError ? error.remedy : {}
  const named = model ?? other.file ?? other.export
  const option = named === other.export ? 'export' : 'model'
  const isArgument = option === 'model' && MODELS_AS_ARGUMENTS.includes(command)
  // An error about a file says itself to name it.
  const flag = !isArgument ? `--${option} ` : named === model ? 'name ' : ''
  const remedy = named === undefined ? '' : `: ${flag}${argument(named)}`
  const isList = [error, error.cause].some(each => each instanceof StateDictError)
  if (!isList) return [head, ...faults].join(' ') + remedy
  // The last line names the weights' model.
  const owners = model === undefined ? '' : `; ${faults.pop()}`
  const rest = faults.length - SHOWN_FAULTS
  const more = rest > 0 ? ` and ${rest} more (--debug lists them)` : ''
  return `${head} ${faults.slice(0, SHOWN_FAULTS).join('; ')}${more}${owners}${remedy}`
}

function stacksOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  return [error.stack ?? error.message, ...stacksOf(error.cause)]
}
