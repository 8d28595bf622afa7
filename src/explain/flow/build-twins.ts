// A model and its plain twin, from one seed.
import type { ModelEntry, ModelOptions } from '../../models/registry.js'
import { startAsIdentity } from '../../models/resnet/residual-block.js'
import type { Module } from '../../nn/module.js'
import { plain } from '../../nn/plain.js'
import { manualSeed } from '../../tensor/random.js'
import type { Twins } from './compare-gradient-flow.js'

/** How twins are built. */
export interface TwinOptions extends Omit<ModelOptions, 'residual'> {
  readonly seed: number
  /** A third one whose blocks start as the identity; default false. */
  readonly zeroInit?: boolean
}

/**
 * Builds a model and its plain twin. Layers that all have start from the same weights: each is built from the seed.
 * @throws ResnetError for options that the model does not take, ShapeError when it is none of images as `plain` expects.
 */
export function buildTwins(
  name: string,
  build: ModelEntry['build'],
  { seed, zeroInit = false, ...options }: TwinOptions
): Twins {
  const fresh = (): Module => {
    manualSeed(seed)
    return build(options)
  }
  const twins = { name, plain: plain(fresh()), residual: fresh() }
  if (!zeroInit) return twins
  const identity = fresh()
  startAsIdentity(identity)
  return { ...twins, zeroInit: identity }
}
