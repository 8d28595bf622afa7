// Schedules as the command line writes them: a name, and numbers after a colon.
import { OptimError } from './optim-error.js'
import { KNOWN_SCHEDULES, SCHEDULE_FORMS, type ScheduleName } from './schedule-forms.js'
import {
  constantLr,
  cosineLr,
  exponentialLr,
  multiStepLr,
  oneCycleLr,
  perEpoch,
  polynomialLr,
  stepLr,
  warmUp,
  type Schedule
} from './schedules.js'

/** How long training takes, in steps of the optimiser. */
export interface Duration {
  /** Of the whole training, warm-up included. */
  readonly totalSteps: number
  readonly stepsPerEpoch: number
  /** Steps of a linear rise before the schedule; default 0. */
  readonly warmupSteps?: number
  /** The share of the learning rate that the rise starts with; default 1/3, as torch's. */
  readonly warmupFactor?: number
}

interface Form {
  /** How many numbers it takes. */
  readonly counts: readonly [least: number, most: number]
  /** `steps` are what the warm-up leaves. */
  build(numbers: readonly number[], steps: number, stepsPerEpoch: number): Schedule
}

const FORMS: Readonly<Record<ScheduleName, Form>> = {
  constant: { counts: [0, 0], build: () => constantLr() },
  cosine: {
    counts: [0, 1],
    build: ([minimum], steps) => cosineLr(steps, minimum)
  },
  step: {
    counts: [1, 2],
    build: ([epochs, factor], _, stepsPerEpoch) => perEpoch(stepsPerEpoch, stepLr(epochs, factor))
  },
  multistep: {
    counts: [1, Infinity],
    build: (numbers, _, stepsPerEpoch) => {
      // Epochs are whole numbers, so a last number below 1 can only be the factor.
      const last = numbers[numbers.length - 1]
      const schedule = last < 1 ? multiStepLr(numbers.slice(0, -1), last) : multiStepLr(numbers)
      return perEpoch(stepsPerEpoch, schedule)
    }
  },
  exponential: {
    counts: [1, 1],
    build: ([factor], _, stepsPerEpoch) => perEpoch(stepsPerEpoch, exponentialLr(factor))
  },
  onecycle: {
    counts: [0, 1],
    build: ([pctStart = 0.3], steps) => oneCycleLr(steps, { pctStart })
  },
  poly: { counts: [0, 1], build: ([power], steps) => polynomialLr(steps, power) }
}

/**
 * Reads a schedule such as `cosine`, `step:30,0.1` or `multistep:30,60,80`. `step`, `multistep` and `exponential` count
 * epochs and change where one begins; the others move with every step and end with the training. All count from the end
 * of the warm-up, as the schedulers behind torch's `SequentialLR` do.
 * @returns a schedule over steps.
 * @throws OptimError that says how schedules are written, or which number is wrong.
 */
export function parseSchedule(
  text: string,
  { totalSteps, stepsPerEpoch, warmupSteps = 0, warmupFactor }: Duration
): Schedule {
  const [name, ...rest] = text.trim().split(':')
  if (!isKnown(name)) throw new OptimError(`schedule '${text}': known are ${KNOWN_SCHEDULES}`)
  const form = FORMS[name]
  const numbers = rest.join(':') === '' ? [] : rest.join(':').split(',').map(readNumber)
  const [least, most] = form.counts
  if (numbers.length < least || numbers.length > most || numbers.includes(NaN)) {
    throw new OptimError(`schedule '${text}': expected ${SCHEDULE_FORMS[name]}`)
  }
  if (warmupSteps > 0 && name === 'onecycle') {
    throw new OptimError('schedule onecycle rises by itself; leave out the warm-up')
  }
  if (warmupSteps >= totalSteps) {
    throw new OptimError(
      `schedule '${text}': a warm-up of ${warmupSteps} steps leaves none of ${totalSteps} in all`
    )
  }
  return warmUp(warmupSteps, form.build(numbers, totalSteps - warmupSteps, stepsPerEpoch), warmupFactor)
}

function isKnown(name: string): name is ScheduleName {
  return Object.hasOwn(FORMS, name)
}

/** A decimal number; NaN for anything else, an empty text too. */
function readNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}
