// How a network is trained: plain data and functions, no engine yet.
import {
  aBoolean,
  aFunction,
  anObject,
  aString,
  checkedLater,
  listOf,
  numberAbove,
  positiveInteger,
  required,
  anyInteger,
  type Checks
} from '../base/options.js'
import type { EngineChoice } from '../compile/shared-engines.js'
import type { Loss } from '../nn/losses/loss.js'
import type { Optimizer } from '../optim/optimizer.js'
import type { ParameterGroup } from '../optim/parameter-groups.js'
import type { Schedule } from '../optim/schedules.js'
import { DEVICE, ENGINE } from '../runtime/engine.js'

/** Options of `createTrainer`. */
export interface TrainerOptions extends EngineChoice {
  readonly optimizer: Optimizer
  /** Default `crossEntropy()`. */
  readonly loss?: Loss
  /** The learning rate of every step; default constant, the optimiser's. */
  readonly schedule?: Schedule
  /** Parameters with their own settings, by name: `{ match: 'layer1', lrScale: 0.1 }`. */
  readonly groups?: readonly ParameterGroup[]
  /** No weight decay for biases and normalisations; default false. */
  readonly noDecayOnNormAndBias?: boolean
  /** Limits the global gradient norm (torch: `clip_grad_norm_`). */
  readonly clipNorm?: number
  /** Batches per step, whose gradients are averaged; default 1. Incomplete steps carry over to the next epoch. */
  readonly accumulate?: number
  /** Keeps a moving average of the weights; `decay` is the share kept at each step. */
  readonly ema?: { readonly decay: number }
  /** Frozen parts of the network, by name: `conv1`, `layer1`, `*.bias`. */
  readonly freeze?: readonly string[]
  /** Seed of layers such as dropout; default 0. */
  readonly seed?: number
}

export const TRAINER_OPTIONS: Checks<TrainerOptions> = {
  optimizer: required(anObject('an optimizer such as sgd({ lr: 0.1 })')),
  loss: anObject('a loss such as crossEntropy()'),
  schedule: aFunction(),
  groups: checkedLater(),
  noDecayOnNormAndBias: aBoolean,
  clipNorm: numberAbove(0),
  accumulate: positiveInteger,
  ema: anObject('{ decay }'),
  freeze: listOf(aString),
  seed: anyInteger,
  device: DEVICE,
  engine: ENGINE
}
