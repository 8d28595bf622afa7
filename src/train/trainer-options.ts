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
  type OptionsOf
} from '../base/options.js'
import type { Loss } from '../nn/losses.js'
import type { Optimizer } from '../optim/optimizer.js'
import type { ParameterGroup } from '../optim/parameter-groups.js'
import type { Schedule } from '../optim/schedules.js'
import { ENGINE_CHOICE } from '../runtime/engine.js'

export const TRAINER_OPTIONS = {
  optimizer: required(anObject<Optimizer>('an optimizer such as sgd({ lr: 0.1 })')),
  /** Default `crossEntropy()`; for a network with one output `binaryCrossEntropyWithLogits()`. */
  loss: anObject<Loss>('a loss such as crossEntropy()'),
  /** The learning rate of every step; default constant, the optimiser's. */
  schedule: aFunction<Schedule>(),
  /** Parameters with their own settings, by name: `{ match: 'layer1', lrScale: 0.1 }`. */
  groups: checkedLater<readonly ParameterGroup[]>(),
  /** No weight decay for biases and normalisations; default false. */
  noDecayOnNormAndBias: aBoolean,
  /** Limits the global gradient norm (torch: `clip_grad_norm_`). */
  clipNorm: numberAbove(0),
  /** Batches per step, whose gradients are averaged; default 1. Incomplete steps carry over to the next epoch. */
  accumulate: positiveInteger,
  /** Keeps a moving average of the weights; `decay` is the share kept at each step. */
  ema: anObject<{ readonly decay: number }>('{ decay }'),
  /** Frozen parts of the network, by name: `conv1`, `layer1`, `*.bias`. */
  freeze: listOf(aString),
  /** Seed of layers such as dropout; default 0. */
  seed: anyInteger,
  ...ENGINE_CHOICE
}

/** Options of `createTrainer`. */
export interface TrainerOptions extends OptionsOf<typeof TRAINER_OPTIONS> {}
