// Parses the command line's notation of schedules: a name, and numbers after a colon.
import { counted } from '../base/figures.js'
import { readDecimal } from '../base/decimal.js'
import { OptimError } from './optimizer.js'
import { KNOWN_SCHEDULES, SCHEDULE_FORMS, type ScheduleName } from './names.js'
import * as schedules from './schedules.js'
import type { Schedule } from './schedules.js'

/** The length of training, in optimiser steps. */
export interface Duration {
  /** Of the whole training, warm-up included. */
  readonly totalSteps: number
  readonly stepsPerEpoch: number
  /** Steps of linear warm-up before the schedule; default 0. */
  readonly warmupSteps?: number
  /** The fraction of the learning rate at which the warm-up starts; default 1/3, as in torch. */
  readonly warmupFactor?: number
}

interface Form {
  /** The least and the most numbers that the schedule accepts. */
  readonly counts: readonly [least: number, most: number]
  /** @param steps the steps after the warm-up. */
  build(numbers: readonly number[], steps: number): Schedule
  /** Whether it counts epochs and changes at the start of one. */
  readonly isPerEpoch?: boolean
}

const FORMS: Readonly<Record<ScheduleName, Form>> = {
  constant: { counts: [0, 0], build: () => schedules.constantLr() },
  cosine: { counts: [0, 1], build: ([minimum], steps) => schedules.cosineLr(steps, minimum) },
  step: { counts: [1, 2], build: ([epochs, factor]) => schedules.stepLr(epochs, factor), isPerEpoch: true },
  multistep: { counts: [1, Infinity], build: multiStep, isPerEpoch: true },
  exponential: { counts: [1, 1], build: ([factor]) => schedules.exponentialLr(factor), isPerEpoch: true },
  onecycle: { counts: [0, 1], build: ([pctStart = 0.3], steps) => schedules.oneCycleLr(steps, { pctStart }) },
  poly: { counts: [0, 1], build: ([power], steps) => schedules.polynomialLr(steps, power) }
}

/** Epochs are integers, so a last number below 1 is the factor. */
function multiStep(numbers: readonly number[]): Schedule {
  const last = numbers[numbers.length - 1]
  return last < 1 ? schedules.multiStepLr(numbers.slice(0, -1), last) : schedules.multiStepLr(numbers)
}

/**
 * Parses a schedule such as `cosine`, `step:30,0.1` or `multistep:30,60,80`. `step`, `multistep` and `exponential` count
 * epochs and change at the start of an epoch; the others change at every step and span the whole training. All count
 * from the end of the warm-up, like the schedulers in torch's `SequentialLR`.
 * @throws OptimError with the expected notation, or naming the number that is out of range.
 */
export function parseSchedule(
  text: string,
  { totalSteps, stepsPerEpoch, warmupSteps = 0, warmupFactor }: Duration
): Schedule {
  const [name, ...rest] = text.trim().split(':')
  if (!isKnown(name)) throw new OptimError(`unknown schedule '${text}': expected ${KNOWN_SCHEDULES}`)
  const form = FORMS[name]
  const numbers =
    rest.join(':') === ''
      ? []
      : rest
          .join(':')
          .split(',')
          .map(part => readDecimal(part.trim()))
  const [least, most] = form.counts
  if (numbers.length < least || numbers.length > most || numbers.includes(NaN)) {
    throw new OptimError(`schedule '${text}': expected ${SCHEDULE_FORMS[name]}`)
  }
  if (warmupSteps > 0 && name === 'onecycle') {
    throw new OptimError('schedule onecycle has its own warm-up; remove the warm-up steps')
  }
  if (warmupSteps >= totalSteps) {
    throw new OptimError(
      `schedule '${text}': the warm-up of ${counted(warmupSteps, 'step', 'steps')} must be shorter than the ${counted(totalSteps, 'step', 'steps')} of training`
    )
  }
  const schedule = built(text, () => form.build(numbers, totalSteps - warmupSteps))
  return schedules.warmUp(
    warmupSteps,
    form.isPerEpoch ? schedules.perEpoch(stepsPerEpoch, schedule) : schedule,
    warmupFactor
  )
}

/** Errors name the notation that was written, and not the function that it stands for. */
function built(text: string, build: () => Schedule): Schedule {
  try {
    return build()
  } catch (cause) {
    if (!(cause instanceof OptimError)) throw cause
    throw new OptimError(`schedule '${text}': ${cause.message.replace(/^\w+: /, '')}`, { cause })
  }
}

function isKnown(name: string): name is ScheduleName {
  return Object.hasOwn(FORMS, name)
}
