// A run's settings, kept in its checkpoints to ensure that only the same run resumes from them.
import { abridge } from '../../base/words.js'
import type { Checkpoint, RunProgress } from '../../train/checkpoint.js'
import { realPathOf, isSameData } from '../data/same-data.js'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import type { DataOptions, StepOptions } from '../data/data-options.js'

/** Options of `resnet train`. */
export interface TrainOptions extends DataOptions, StepOptions {
  readonly epochs: number
  readonly schedule: string
  readonly warmup: number
  readonly ema?: number
  readonly out?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
  readonly checkpointEvery: number
  readonly json?: boolean
}

/** Settings as stored in a checkpoint. */
export type RunSettings = Readonly<Record<string, string>>

/** Settings that may change on resuming. */
const FREE = ['resume', 'overwrite', 'json', 'out', 'workers', 'checkpointEvery', 'debug', 'device']
/** Settings that are files. */
const PATHS: readonly string[] = ['weights', 'checkpoint']
/** Schedules that do not depend on the number of epochs, which may then change. */
const ENDLESS = ['constant', 'step', 'multistep', 'exponential']

/**
 * The settings of a new run.
 * @param images number of images, those for validation included.
 */
export async function settingsOf(
  path: string,
  { images, network }: { readonly images: number; readonly network: CheckpointNetwork },
  options: TrainOptions
): Promise<RunSettings> {
  const said = Object.entries(options).filter(([name]) => !FREE.includes(name))
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

/** A saved run, and the settings to resume it with. */
export interface Continuation {
  readonly saved: Checkpoint & { readonly progress: RunProgress }
  readonly settings: RunSettings
  readonly classes: readonly string[]
}

/** The differences that prevent resuming, as sentences. */
export async function differences({ saved, settings, classes }: Continuation): Promise<string[]> {
  const before = saved.progress.settings
  const [was, is] = [
    { path: before.data, classes: saved.network.classes, images: before.images },
    { path: settings.data, classes, images: settings.images }
  ].map(({ images, ...data }) => ({ ...data, ...(images === undefined ? {} : { images: Number(images) }) }))
  const faults = (await isSameData(was, is)) ? [] : [`data was ${was.path}, now ${is.path}`]
  // Older checkpoints lack the number of images.
  if (was.images !== undefined && was.images !== is.images) {
    faults.push(`${is.path} had ${was.images} images, now ${is.images}`)
  }
  faults.push(...changedClasses(was.classes, classes))
  const names = new Set([...Object.keys(settings), ...Object.keys(before)])
  for (const name of ['data', 'images']) names.delete(name)
  for (const name of names) {
    const [old, current] = [before[name], settings[name]]
    if (old === current || (PATHS.includes(name) && old && (await realPathOf(old)) === current)) continue
    if (name === 'epochs' && Number(current) > Number(old)) {
      if (ENDLESS.includes(scheduleOf(settings))) continue
      faults.push(
        `epochs was ${old}, now ${current}, which the schedule ${scheduleOf(settings)} was not made for`
      )
      continue
    }
    if (name === 'code') faults.push(`the code in ${settings.model} has changed`)
    else faults.push(`${name} was ${old ?? 'not given'}, now ${current ?? 'not given'}`)
  }
  return faults
}

function scheduleOf({ schedule }: RunSettings): string {
  return schedule.trim().split(':')[0]
}

function changedClasses(before: readonly string[], now: readonly string[]): string[] {
  const gone = before.filter(name => !now.includes(name))
  const added = now.filter(name => !before.includes(name))
  return [
    ...(gone.length > 0 ? [`its classes have lost ${listed(gone)}`] : []),
    ...(added.length > 0 ? [`its classes have gained ${listed(added)}`] : [])
  ]
}

function listed(names: readonly string[]): string {
  return abridge(
    names.map(name => JSON.stringify(name)),
    5
  )
}
