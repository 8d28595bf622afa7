import {
  aBoolean,
  anyInteger,
  aString,
  checkArguments,
  checkOptions,
  required,
  type Check,
  type OptionsOf
} from '../../base/options.js'
import type { ModelEntry } from '../../models/registry.js'
import { MODEL_OPTIONS } from '../../models/model-options.js'
import { startAsIdentity } from '../../models/resnet/residual-block.js'
import { aNetwork, anInputShape } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import { manualSeed } from '../../tensor/random/random.js'
import type { Twins } from './compare-gradient-flow.js'

const { residual: _, ...MODEL } = MODEL_OPTIONS

const OPTIONS = {
  ...MODEL,
  seed: required(anyInteger),
  /** Also a third network whose blocks start as the identity; default false. */
  zeroInit: aBoolean,
  /** The input's shape, as `plainTwin` takes it. */
  input: anInputShape
}

const A_BUILDER: Check<ModelEntry['build']> = {
  expected: 'a function that builds a network, such as resnet18',
  accepts: value => typeof value === 'function' && !aNetwork.accepts(value)
}

/** Options of `buildTwins`. */
export interface TwinOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Builds a model and its plain twin; common layers start from the same weights.
 * @throws ResnetError for options that the model does not take, ShapeError when it does not take the input.
 */
export function buildTwins(name: string, build: ModelEntry['build'], twinOptions: TwinOptions): Twins {
  const { seed, zeroInit = false, input, ...options } = checkOptions('buildTwins', twinOptions, OPTIONS)
  checkArguments('buildTwins', { name, build }, { name: aString, build: A_BUILDER })
  manualSeed(seed)
  const residual = build(options)
  const again = (): Module => {
    const net = build(options)
    net.loadStateDict(residual.stateDict())
    return net
  }
  const twins = { name, plain: plainTwin(again(), input ? { input } : {}), residual }
  if (!zeroInit) return twins
  const identity = again()
  startAsIdentity(identity)
  return { ...twins, zeroInit: identity }
}
