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
import { SKIPS } from '../../models/model-options.js'
import { startAsIdentity } from '../../models/resnet/residual-block.js'
import type { Module } from '../../nn/module.js'
import { plainTwin } from '../../nn/plain.js'
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
 * Builds a model and its plain twin. Layers that all have start from the same weights: each is built from the seed.
 * @throws ResnetError for options that the model does not take, ShapeError when it is none of images as `plain` expects.
 */
export function buildTwins(name: string, build: ModelEntry['build'], twinOptions: TwinOptions): Twins {
  const { seed, zeroInit = false, ...options } = checkOptions('buildTwins', twinOptions, OPTIONS)
  const fresh = (): Module => {
    manualSeed(seed)
    return build(options)
  }
  const twins = { name, plain: plainTwin(fresh()), residual: fresh() }
  if (!zeroInit) return twins
  const identity = fresh()
  startAsIdentity(identity)
  return { ...twins, zeroInit: identity }
}
