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

/** How a network is trained. */
export interface TrainerOptions extends EngineChoice {
  readonly optimizer: Optimizer
  /** Default `crossEntropy()`. */
  readonly loss?: Loss
  /** The learning rate of every step; default the optimiser's, always. */
  readonly schedule?: Schedule
  /** Parameters with settings of their own, by name: `{ match: 'layer1', lrScale: 0.1 }`. */
  readonly groups?: readonly ParameterGroup[]
  /** No weight decay for biases and for scales and shifts of normalisations; default false. */
  readonly noDecayOnNormAndBias?: boolean
  /** Limits the norm of all gradients together (torch: `clip_grad_norm_`). */
  readonly clipNorm?: number
  /**
   * How many batches make one step, whose gradient is the mean of theirs; default 1. The count carries over from epoch to
   * epoch; gradients after the last whole step are put aside and change nothing.
   */
  readonly accumulate?: number
  /** Keeps a moving average of the weights beside them; `decay` is how much of the past is kept at each step. */
  readonly ema?: { readonly decay: number }
  /** Parts of the network that stay as they are, by name: `conv1`, `layer1`, `*.bias`. */
  readonly freeze?: readonly string[]
  /** Of the random numbers of layers such as dropout; default 0. */
  readonly seed?: number
}

/** What the options of a trainer must be. */
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
