// What is kept of a run that an error ends.
import { ResnetError } from '../../base/errors.js'
import { NonFiniteError } from '../../train/train-error.js'
import { say } from '../terminal/output.js'
import type { RunRecord } from './run-record.js'

/** Saves progress, if possible, and adds to an error where it was saved. */
export async function withWhatIsKept(
  error: unknown,
  run: Pick<RunRecord, 'keep' | 'saved'>
): Promise<unknown> {
  // Weights that a validation shows to be lost do not replace those that were saved before.
  const isLastLost = error instanceof NonFiniteError && error.during === 'validation'
  const kept = isLastLost
    ? undefined
    : await run.keep().catch((reason: unknown) => {
        say(`what was trained could not be kept: ${String(reason)}`)
      })
  const file = kept ?? run.saved
  if (file === undefined) return error
  // Resuming would fail at the same step.
  const isLost = error instanceof NonFiniteError
  const what = kept === undefined ? 'what was saved before' : 'what was trained before'
  const use = isLost ? 'to start from with --weights' : 'and --resume continues from there'
  const left = `${what} is kept in ${file}, ${use}`
  if (error instanceof ResnetError) return new ResnetError(`${error.message}; ${left}`, { cause: error })
  say(left)
  return error
}
