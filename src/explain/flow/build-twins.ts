// A model and its plain twin, from one seed.
import {
  aBoolean,
  checkOptions,
  finiteNumber,
  oneOf,
  positiveInteger,
  required,
  anyInteger,
  type Checks
} from '../../base/options.js'
import type { ModelEntry, ModelOptions } from '../../models/registry.js'
import { SKIPS } from '../../models/resnet/skip-names.js'
import { startAsIdentity } from '../../models/resnet/start-as-identity.js'
import { manualSeed } from '../../tensor/random/random.js'
import type { Twins } from './compare-gradient-flow.js'

/** How twins are built. */
export interface TwinOptions extends Omit<ModelOptions, 'residual'> {
  readonly seed: number
  /** A third one whose blocks start as the identity; default false. */
  readonly zeroInit?: boolean
}

const OPTIONS: Checks<TwinOptions> = {
  seed: required(anyInteger),
  zeroInit: aBoolean,
  numClasses: positiveInteger,
  inChannels: positiveInteger,
  skip: oneOf(...SKIPS),
  gateBias: finiteNumber
}

/**
 * Builds a model with and without shortcuts. Layers that all have start from the same weights, even where a projection on
 * a shortcut draws random numbers between them.
 * @throws ResnetError for options that the model does not take.
 */
export function buildTwins(name: string, build: ModelEntry['build'], twinOptions: TwinOptions): Twins {
  const { seed, zeroInit = false, ...options } = checkOptions('buildTwins', twinOptions, OPTIONS)
  manualSeed(seed)
  const residual = build({ ...options, residual: true })
  const weights = residual.stateDict()
  const plain = build({ ...options, residual: false })
  plain.loadStateDict(weights, { strict: false })
  if (!zeroInit) return { name, plain, residual }
  const identity = build({ ...options, residual: true })
  identity.loadStateDict(weights)
  startAsIdentity(identity)
  return { name, plain, residual, zeroInit: identity }
}
