// A run that a folder holds, and whether the options at hand are its own, so that only the same run resumes from it.
import { counted } from '../../base/figures.js'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { PathError } from '../../base/errors.js'
import { abridge, quote } from '../../base/words.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { CheckpointError } from '../../networks/network-error.js'
import {
  readCheckpoint,
  trainerState,
  type Checkpoint,
  type RunProgress
} from '../../train/record/checkpoint.js'
import { TrainError } from '../../train/train-error.js'
import type { Trainer } from '../../train/trainer.js'
import type { DataOptions, StepOptions } from '../data/data-options.js'
import { isSameData, realPathOf } from '../data/open-data.js'
import { argument } from '../terminal/argument.js'
import { say } from '../terminal/output.js'
import type { RunFolder } from './run-folder.js'

export interface TrainOptions extends DataOptions, StepOptions {
  readonly epochs: number
  readonly schedule: string
  readonly warmup: number
  readonly ema?: number
  readonly out?: string
  readonly resume?: boolean
  /** Resumes from the checkpoint before the last. */
  readonly resumePrevious?: boolean
  readonly overwrite?: boolean
  readonly checkpointEvery: number
  readonly json?: boolean
}

/** A run's settings, as stored in a checkpoint. */
export type RunSettings = RunProgress['settings']

/** Options that are no settings of a run. */
const NO_SETTINGS = ['resume', 'resumePrevious', 'overwrite', 'json', 'out', 'debug']
/** Settings that may change on resuming. */
const FREE = ['workers', 'checkpointEvery', 'device', 'onCorrupt', 'epochs']
/** Settings that are no options. */
const DERIVED = ['data', 'images', 'model', 'code']
/** Settings that are files. */
const PATHS: readonly string[] = ['weights', 'checkpoint']
/** Schedules that do not depend on the number of epochs. */
const ENDLESS = ['constant', 'step', 'multistep', 'exponential']

/** The settings of a new run; `images` includes those for validation. */
export async function settingsOf(
  path: string,
  { images, network }: { readonly images: number; readonly network: CheckpointNetwork },
  options: TrainOptions
): Promise<RunSettings> {
  const said = Object.entries(options).filter(([name]) => !NO_SETTINGS.includes(name))
  const files = said.filter(([name]) => PATHS.includes(name))
  const real = files.map(async ([name, file]) => [name, await realPathOf(String(file))] as const)
  return {
    data: await realPathOf(path),
    images: String(images),
    ...Object.fromEntries(said.map(([name, value]) => [name, String(value)])),
    ...Object.fromEntries(await Promise.all(real)),
    model: network.model,
    // A user's own file may be moved, but not changed.
    ...(network.file ? { code: network.file.sha256 } : {})
  }
}

export interface RunIdentity {
  readonly settings: RunSettings
  readonly classes: readonly string[]
}

/** The differences that prevent resuming, as sentences. */
export async function differences(saved: RunIdentity, now: RunIdentity): Promise<string[]> {
  const { settings } = now
  const before = saved.settings
  const [was, is] = [saved, now].map(({ settings: { data, images }, classes }) => {
    return { path: data, classes, ...(images !== undefined && { images: Number(images) }) }
  })
  const faults = (await isSameData(was, is)) ? [] : [`data was ${was.path}, now ${is.path}`]
  // Older checkpoints lack the number of images.
  if (was.images !== undefined && was.images !== is.images) {
    faults.push(`${is.path} had ${counted(was.images, 'image', 'images')}, now ${is.images}`)
  }
  faults.push(...changedClasses(was.classes, is.classes))
  const names = new Set([...Object.keys(settings), ...Object.keys(before)])
  for (const name of ['data', 'images', ...FREE]) names.delete(name)
  for (const name of names) {
    const [old, current] = [before[name], settings[name]]
    if (isSame(name, old, current) || (PATHS.includes(name) && old && (await realPathOf(old)) === current))
      continue
    const change = changeOf(name, old, current)
    faults.push(name === 'code' ? `the code in ${settings.model} has changed` : change)
  }
  return faults
}

/** A sentence on what another number of epochs does to a run, if anything. */
export function rescheduled(before: RunSettings, now: RunSettings): string | undefined {
  // A damaged setting: what is given now counts.
  if (before.epochs === now.epochs || !/^\d{1,9}$/.test(before.epochs)) return undefined
  const [schedule] = now.schedule.trim().split(':')
  if (ENDLESS.includes(schedule)) return undefined
  return `the schedule ${schedule} now ends after ${counted(Number(now.epochs), 'epoch', 'epochs')} instead of ${before.epochs}: learning rates differ from those of a run that was ${counted(Number(now.epochs), 'epoch', 'epochs')} long from the start`
}

function changedClasses(before: readonly string[], now: readonly string[]): string[] {
  const change = (verb: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`its classes have ${verb} ${abridge(names.map(quote), 5)}`]
  const gone = before.filter(name => !now.includes(name))
  const added = now.filter(name => !before.includes(name))
  return [...change('lost', gone), ...change('gained', added)]
}

/** A checkpoint of a run, and its file. */
export interface SavedRun {
  readonly checkpoint: Checkpoint & { readonly progress: RunProgress }
  readonly file: string
}

/**
 * Whether the folder holds results of a run, and the checkpoint to resume from, if asked for.
 * @param data what is named to train on.
 * @throws CheckpointError when it is damaged, there is none and nothing to start from, or a result would be overwritten without
 * --overwrite.
 */
export async function findRun(
  folder: RunFolder,
  { resume, resumePrevious, overwrite }: Pick<TrainOptions, 'resume' | 'resumePrevious' | 'overwrite'>,
  data: string | undefined
): Promise<{ readonly exists: boolean; readonly saved?: SavedRun }> {
  const isRun = await folder.holdsRun()
  const result = await folder.firstResult()
  const isResumed = resume ?? resumePrevious ?? false
  if (!isRun && isResumed && data === undefined) {
    const remedy = "name a run's folder with --out, or data to start a new run"
    throw new CheckpointError(folder.path, `holds no checkpoint to resume; ${remedy}`)
  }
  if (isRun && !isResumed && !overwrite) {
    const remedy = '--resume continues it, --overwrite starts anew, --out names another folder'
    throw new CheckpointError(folder.path, `already holds a run; ${remedy}`)
  }
  // A run that was killed before its first checkpoint may have left its best network and measurements: --resume starts it again.
  if (!isRun && result !== undefined && !overwrite && !isResumed) {
    const fault = `already holds ${basename(result)}, which a new run would replace`
    throw new CheckpointError(folder.path, `${fault}; --overwrite replaces it, --out names another folder`)
  }
  if (!isRun && isResumed) {
    say(`${folder.path} holds no checkpoint to resume: starting from the beginning`)
  }
  if (!isRun || !isResumed) return { exists: isRun || (result !== undefined && !isResumed) }
  const file = resumePrevious ? folder.previous : folder.last
  const checkpoint = await readCheckpoint(file).catch(async (error: unknown) => {
    if (!(error instanceof PathError) || resumePrevious || !(await folder.holdsPrevious())) throw error
    const remedy = `the checkpoint before it is ${folder.previous}: --resume-previous continues from there`
    throw new CheckpointError(error.path, `${error.fault}; ${remedy}`, { cause: error })
  })
  const { progress } = checkpoint
  if (!progress) throw new CheckpointError(file, 'holds a network, but no run to resume')
  return { exists: true, saved: { checkpoint: { ...checkpoint, progress }, file } }
}

/** @throws CheckpointError when a saved run is another one, listing all differences. */
export async function assertSameRun(
  folder: RunFolder,
  { checkpoint: { network, progress }, file }: SavedRun,
  now: { readonly settings: RunSettings; readonly network: CheckpointNetwork },
  given: ReadonlySet<string>
): Promise<void> {
  // Options that the run does not know, as it is older, are at their defaults unless they are given.
  const settings = Object.fromEntries(
    Object.entries(now.settings).filter(
      ([name]) => name in progress.settings || given.has(name) || DERIVED.includes(name)
    )
  )
  const identity = { settings: progress.settings, classes: network.classes }
  const faults = await differences(identity, { settings, classes: now.network.classes })
  if (faults.length === 0) {
    const note = rescheduled(progress.settings, settings)
    if (note !== undefined) say(note)
    return
  }
  throw anotherRun(folder, file, faults)
}

function anotherRun({ best }: RunFolder, file: string, faults: readonly string[]): CheckpointError {
  // A run that stopped within its first epoch has no best network.
  const network = existsSync(best) ? best : file
  const remedy = `give that run's own options, or start a new run from its network: --checkpoint ${argument(network)} --out ANOTHER`
  return new CheckpointError(file, `is of another run: ${faults.join('; ')}; ${remedy}`)
}

/**
 * Compares what is given before it is used, as options that change may not go with those that the run remembers.
 * @throws CheckpointError when options are given that are not the run's, listing them.
 */
export function assertSameOptions(
  folder: RunFolder,
  { checkpoint, file }: SavedRun,
  { options, given }: { readonly options: TrainOptions; readonly given: ReadonlySet<string> }
): void {
  const { settings } = checkpoint.progress
  const faults = Object.entries(options).flatMap(([name, value]) => {
    const isFree = [...NO_SETTINGS, ...FREE, ...DERIVED, ...PATHS].includes(name)
    if (isFree || !given.has(name) || isSame(name, settings[name], String(value))) return []
    return [changeOf(name, settings[name], String(value))]
  })
  if (faults.length > 0) throw anotherRun(folder, file, faults)
}

/** Optimisers are taken in any case, and older runs wrote `adamW`. */
function isSame(name: string, before: string | undefined, now: string | undefined): boolean {
  if (name !== 'optimizer') return before === now
  return before?.trim().toLowerCase() === now?.trim().toLowerCase()
}

function changeOf(name: string, before: string | undefined, now: string | undefined): string {
  return `${name} was ${before ?? 'not given'}, now ${now ?? 'not given'}`
}

/** @throws CheckpointError when the checkpoint is damaged, or another network's. */
export async function restoreTrainer(
  trainer: Pick<Trainer, 'restore'>,
  checkpoint: Checkpoint,
  path: string
): Promise<void> {
  await trainer.restore(trainerState(checkpoint)).catch((error: unknown) => {
    if (!(error instanceof TrainError)) throw error
    throw new CheckpointError(path, error.message, { cause: error })
  })
}
