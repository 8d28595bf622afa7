// What a saved run remembers of its command line, so that `--resume` needs nothing else. Options are parsed again by the command
// that declares them.
import { existsSync } from 'node:fs'
import type { Command, Option } from 'commander'
import { dirname, join } from 'node:path'
import { quote } from '../../base/words.js'
import { CheckpointError } from '../../networks/network-error.js'
import { isScript } from '../../networks/opening.js'
import { argument } from '../terminal/argument.js'
import { realPathOf } from '../data/open-data.js'
import type { SavedRun, TrainOptions } from './saved-run.js'

/** A run's data and options, and which options were given now, not remembered. */
export interface RunRequest {
  readonly path: string
  readonly options: TrainOptions
  readonly given: ReadonlySet<string>
}

/**
 * Completes what is given by what a run remembers.
 * @throws CheckpointError when its data has gone, or its network is in a file, which is run only if it is given.
 */
export async function withRemembered(
  { checkpoint: { network, progress }, file }: SavedRun,
  path: string | undefined,
  options: TrainOptions,
  command: Command
): Promise<RunRequest> {
  const { settings } = progress
  const given = givenTo(command)
  // A checkpoint names its model itself, and a file is never run because a checkpoint names it.
  const isNamed = network.file !== undefined || settings.checkpoint !== undefined
  const remembered = new Map<string, unknown>()
  for (const option of command.options) {
    const name = option.attributeName()
    if (given.has(name) || !Object.hasOwn(settings, name) || (name === 'model' && isNamed)) continue
    if (NETWORKS.includes(name) && isScript(settings[name])) throw wouldRun(file, name, settings[name])
    remembered.set(name, parsed(file, option, settings[name]))
  }
  if (network.file && !given.has('model')) {
    const code = join(dirname(file), network.file.path)
    const fault = `its network is defined in ${code}, and a checkpoint never runs code: add --model ${argument(code)}`
    throw new CheckpointError(file, fault)
  }
  return {
    path: path ?? (await dataOf(file, settings.data)),
    options: { ...options, ...Object.fromEntries(remembered) },
    given
  }
}

/** Options whose values are opened as networks, and so run where they are scripts. */
const NETWORKS: readonly string[] = ['model', 'checkpoint']

function wouldRun(file: string, name: string, place: string): CheckpointError {
  const fault = `its setting ${name} is ${quote(place)}, and a checkpoint never runs code`
  return new CheckpointError(file, `${fault}: add --${name} ${argument(place)} if you trust it`)
}

/** @throws CheckpointError for a text that the option does not take. */
function parsed(file: string, option: Option, text: string): unknown {
  if (option.isBoolean() || option.negate) return text === 'true'
  try {
    return option.parseArg ? option.parseArg<unknown>(text, undefined) : text
  } catch (cause) {
    const fault = `its setting ${option.attributeName()} is ${quote(text)}, which ${option.long} does not take`
    throw new CheckpointError(file, fault, { cause })
  }
}

/** The names of the options that a command line gives. */
export function givenTo(command: Command): ReadonlySet<string> {
  const names = command.options.map(option => option.attributeName())
  return new Set(names.filter(name => command.getOptionValueSource(name) === 'cli'))
}

async function dataOf(file: string, path: string | undefined): Promise<string> {
  if (path === undefined)
    throw new CheckpointError(file, 'does not say what it was trained on: name the data')
  const real = await realPathOf(path)
  if (path === 'digits' || existsSync(real)) return path
  throw new CheckpointError(
    file,
    `its data was in ${path}, which is no longer there: name the folder where it is now`
  )
}
