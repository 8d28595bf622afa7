// The state of the part "Train" in the URL: the settings, not the run.
import { choice, wholeNumber, type ValuesOf } from '../address/codecs.js'
import { DEPTHS, type Shortcut, type TrainDevice, type TrainSettings } from '../lab/train-settings.js'

/** A formula for what each kind of block computes before its last ReLU. */
export const FORMULAS: Readonly<Record<Shortcut, string>> = {
  plain: 'F(x)',
  identity: 'F(x) + x',
  product: 'F(x) · x',
  half: '½F(x) + ½x',
  'exclusive-gate': 'g·F(x) + (1−g)·x',
  'shortcut-gate': 'F(x) + (1−g)·x',
  conv1x1: 'F(x) + Wx',
  dropout: 'F(x) + dropout(x)'
}

/** What a block can compute, in the order it is offered. */
export const SHORTCUTS = Object.keys(FORMULAS) as [Shortcut, ...Shortcut[]]

export const RATES = ['0.005', '0.01', '0.02', '0.05', '0.1', '0.2', '0.5'] as const

export const BATCHES = ['8', '16', '32', '64', '128'] as const

export const TRAIN_DEVICES = ['auto', 'cpu', 'webgpu'] as const satisfies readonly TrainDevice[]

/** The highest seed; any whole number up to it does. */
export const MAX_SEED = 9999

export const trainFields = {
  depth: choice(['20', ...DEPTHS.map(String)]),
  left: choice(SHORTCUTS),
  right: choice(['identity', ...SHORTCUTS]),
  rate: choice(['0.05', ...RATES]),
  batch: choice(['32', ...BATCHES]),
  seed: wholeNumber(0, MAX_SEED),
  device: choice(TRAIN_DEVICES)
}

export type TrainFields = ValuesOf<typeof trainFields>

/** The settings in the state of the part. */
export function settingsOf(fields: TrainFields): TrainSettings {
  const { depth, left, right, rate, batch, seed = 0, device } = fields
  return {
    depth: DEPTHS.find(each => String(each) === depth) ?? 20,
    shortcuts: [left, right],
    learningRate: Number(rate),
    batchSize: Number(batch),
    seed,
    device
  }
}

/** What the two networks are called: by their formulas, numbered where those are the same. */
export function laneNames([left, right]: readonly [Shortcut, Shortcut]): readonly [string, string] {
  const names = [FORMULAS[left], FORMULAS[right]] as const
  return left === right ? [`${names[0]} ①`, `${names[1]} ②`] : names
}
