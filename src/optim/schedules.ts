// Learning-rate schedules equal to torch's `lr_scheduler`s. A schedule is a pure function, so resuming needs no state.
// The caller chooses what a step is; steps count from 0, like the schedulers' `last_epoch`.
import {
  aFunction,
  numberAbove,
  numberBetween,
  numberFrom,
  oneOf,
  positiveInteger,
  required,
  type NoOptions,
  type OptionsOf
} from '../base/options.js'
import { checkOptim, OptimError } from './optimizer.js'

/** The learning rate of a step, counted from 0, for an optimiser with the learning rate `baseLr`. */
export type Schedule = (step: number, baseLr: number) => number

// As options, so that what is wrong with any argument is said alike.
const SCHEDULE = required(aFunction<Schedule>())
const STEPS = required(positiveInteger)
const ABOVE_0 = required(numberAbove(0))
const FROM_0 = required(numberFrom(0))
const LIST = required<readonly number[]>({ expected: 'an array of steps', accepts: Array.isArray })

/** A constant learning rate. */
export function constantLr(options: NoOptions = {}): Schedule {
  checkOptim('constantLr', options, {})
  return (_, baseLr) => baseLr
}

/**
 * Multiplies by `gamma` after every `stepSize` steps (torch: `StepLR`; `gamma` is 0.1 by default).
 * @throws OptimError when `stepSize` is not a positive integer, or `gamma` is not above 0.
 */
export function stepLr(stepSize: number, gamma = 0.1): Schedule {
  checkOptim('stepLr', { stepSize, gamma }, { stepSize: STEPS, gamma: ABOVE_0 })
  return (step, baseLr) => baseLr * gamma ** Math.floor(step / stepSize)
}

/**
 * Multiplies by `gamma` at each milestone (torch: `MultiStepLR`; `gamma` is 0.1 by default).
 * @throws OptimError when milestones are missing, not positive integers or not ascending, or `gamma` is not above 0.
 */
export function multiStepLr(milestones: readonly number[], gamma = 0.1): Schedule {
  checkOptim('multiStepLr', { milestones }, { milestones: LIST })
  if (milestones.length === 0) throw new OptimError('multiStepLr: needs at least one milestone')
  for (const milestone of milestones) checkOptim('multiStepLr', { milestone }, { milestone: STEPS })
  checkOptim('multiStepLr', { gamma }, { gamma: ABOVE_0 })
  if (milestones.some((milestone, i) => i > 0 && milestone <= milestones[i - 1])) {
    throw new OptimError(`multiStepLr: milestones must ascend, got ${milestones.join(', ')}`)
  }
  return (step, baseLr) => baseLr * gamma ** milestones.filter(milestone => milestone <= step).length
}

/**
 * `baseLr · gammaˢᵗᵉᵖ` (torch: `ExponentialLR`).
 * @throws OptimError when `gamma` is not above 0.
 */
export function exponentialLr(gamma: number): Schedule {
  checkOptim('exponentialLr', { gamma }, { gamma: ABOVE_0 })
  return (step, baseLr) => baseLr * gamma ** step
}

/**
 * Half a cosine from `baseLr` to `minimum` (torch: `CosineAnnealingLR`, in its closed form, with `T_max` and `eta_min`;
 * Loshchilov & Hutter 2017, without restarts). As in torch it rises again after `totalSteps`.
 * @throws OptimError when `totalSteps` is not a positive integer, or `minimum` is negative.
 */
export function cosineLr(totalSteps: number, minimum = 0): Schedule {
  checkOptim('cosineLr', { totalSteps, minimum }, { totalSteps: STEPS, minimum: FROM_0 })
  return (step, baseLr) => cosine(baseLr, minimum, step / totalSteps)
}

/**
 * `baseLr · (1 − step / totalSteps)ᵖᵒʷᵉʳ`, and 0 from then on (torch: `PolynomialLR`; `power` is 1 by default).
 * @throws OptimError when `totalSteps` is not a positive integer, or `power` is negative.
 */
export function polynomialLr(totalSteps: number, power = 1): Schedule {
  checkOptim('polynomialLr', { totalSteps, power }, { totalSteps: STEPS, power: FROM_0 })
  return (step, baseLr) => baseLr * (1 - Math.min(step, totalSteps) / totalSteps) ** power
}

const ONE_CYCLE = {
  /** The fraction of the steps during which the learning rate rises; default 0.3. */
  pctStart: numberBetween(0, 1),
  /** How it rises and falls; default `'cos'`. */
  anneal: oneOf('cos', 'linear'),
  /** The first learning rate is `baseLr / divFactor`; default 25. */
  divFactor: numberAbove(0),
  /** The last learning rate is the first divided by `finalDivFactor`; default 1e4. */
  finalDivFactor: numberAbove(0)
}

/** Options of `oneCycleLr`, with torch's defaults. */
export interface OneCycleOptions extends OptionsOf<typeof ONE_CYCLE> {}

/**
 * Rises to `baseLr`, then falls to almost zero (torch: `OneCycleLR`, with `baseLr` as `max_lr`; Smith & Topin 2018).
 *
 * PyTorch difference: momentum is not cycled, as with `cycle_momentum=False`; and from `totalSteps` on the learning rate
 * keeps its last value, where torch throws.
 * @throws OptimError for options out of range.
 */
export function oneCycleLr(totalSteps: number, options: OneCycleOptions = {}): Schedule {
  checkOptim('oneCycleLr', options, ONE_CYCLE)
  checkOptim('oneCycleLr', { totalSteps }, { totalSteps: STEPS })
  const { pctStart = 0.3, anneal = 'cos', divFactor = 25, finalDivFactor = 1e4 } = options
  const between = anneal === 'cos' ? cosine : linear
  const last = totalSteps - 1
  // torch counts from 0, so the peak is one step before the end of the rise; it may lie before the first step.
  const peak = pctStart * totalSteps - 1
  return (step, baseLr) => {
    const start = baseLr / divFactor
    const at = Math.min(step, last)
    if (at < peak) return between(start, baseLr, at / peak)
    return peak === last ? baseLr : between(baseLr, start / finalDivFactor, (at - peak) / (last - peak))
  }
}

/**
 * Turns a schedule over epochs into one over steps, which changes only at the start of an epoch.
 * @throws OptimError when `stepsPerEpoch` is not a positive integer.
 */
export function perEpoch(stepsPerEpoch: number, schedule: Schedule): Schedule {
  checkOptim('perEpoch', { stepsPerEpoch, schedule }, { stepsPerEpoch: STEPS, schedule: SCHEDULE })
  return (step, baseLr) => schedule(Math.floor(step / stepsPerEpoch), baseLr)
}

/**
 * Linear warm-up over the first `steps`, then another schedule, which starts at its step 0 (torch: `SequentialLR` of
 * `LinearLR` and that schedule; `startFactor` is 1/3 by default). Goyal et al. 2017.
 * @throws OptimError when `steps` is negative or not an integer, or `startFactor` is not above 0 and at most 1.
 */
export function warmUp(steps: number, schedule: Schedule, startFactor = 1 / 3): Schedule {
  checkOptim('warmUp', { schedule }, { schedule: SCHEDULE })
  if (steps === 0) return schedule
  checkOptim('warmUp', { steps, startFactor }, { steps: STEPS, startFactor: ABOVE_0 })
  checkOptim('warmUp', { startFactor }, { startFactor: required(numberBetween(0, 1)) })
  return (step, baseLr) =>
    step < steps ? linear(baseLr * startFactor, baseLr, step / steps) : schedule(step - steps, baseLr)
}

function linear(from: number, to: number, share: number): number {
  return from + (to - from) * share
}

function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
}
