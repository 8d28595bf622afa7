// The state of the part "Train" in the URL: the settings, not the run.
import { choice, wholeNumber, type Fields } from '../address/codecs.js'
import { DEPTHS, type Shortcut, type TrainDevice, type TrainSettings } from '../lab/train-settings.js'

/** What a block can compute, in the order it is offered. */
export const SHORTCUTS = [
  'plain',
  'identity',
  'product',
  'half',
  'exclusive-gate',
  'shortcut-gate',
  'conv1x1',
  'dropout'
] as const satisfies readonly Shortcut[]

/** Learning rates that are offered. */
export const RATES = ['0.005', '0.01', '0.02', '0.05', '0.1', '0.2', '0.5'] as const

/** Batch sizes that are offered. */
export const BATCHES = ['8', '16', '32', '64', '128'] as const

/** Devices that are offered. */
export const TRAIN_DEVICES = ['auto', 'cpu', 'webgpu'] as const satisfies readonly TrainDevice[]

/** The highest seed; any whole number up to it does. */
export const MAX_SEED = 9999

/** The state of the part. */
export interface TrainFields {
  readonly depth: string
  readonly left: Shortcut
  readonly right: Shortcut
  readonly rate: string
  readonly batch: string
  readonly seed: number | undefined
  readonly device: TrainDevice
}

export const trainFields: Fields<TrainFields> = {
  depth: choice(['20', ...DEPTHS.map(String)]),
  left: choice(SHORTCUTS),
  right: choice(['identity', ...SHORTCUTS]),
  rate: choice(['0.05', ...RATES]),
  batch: choice(['32', ...BATCHES]),
  seed: wholeNumber(0, MAX_SEED),
  device: choice(TRAIN_DEVICES)
}

/** The settings in the state of the part. */
export function settingsOf({
  depth,
  left,
  right,
  rate,
  batch,
  seed = 0,
  device
}: TrainFields): TrainSettings {
  return {
    depth: DEPTHS.find(each => String(each) === depth) ?? 20,
    shortcuts: [left, right],
    learningRate: Number(rate),
    batchSize: Number(batch),
    seed,
    device
  }
}
