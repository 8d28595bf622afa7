// Learning rate range test (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3).
import {
  aFunction,
  anObject,
  anyNumber,
  checkArguments,
  checkOptions,
  positiveInteger,
  required,
  type OptionsOf
} from '../base/options.js'
import type { Batch } from './step/batch.js'
import { NonFiniteError } from './train-error.js'
import type { StepResult } from './step/step.js'

/** One step of the test. */
export interface LrPoint {
  readonly learningRate: number
  /** The batch's loss. */
  readonly loss: number
  /** Bias-corrected moving average of the losses. */
  readonly smoothed: number
}

/** The result of the test. */
export interface LrSearch {
  readonly points: readonly LrPoint[]
  /** The rate with the steepest descent of the smoothed loss; undefined if it never fell. */
  readonly steepest: number | undefined
  /** A tenth of the rate with the lowest smoothed loss: a conservative choice. */
  readonly careful: number
  /** Whether training diverged before the last rate. */
  readonly diverged: boolean
}

/** The range of rates. */
export interface LrRange {
  readonly from: number
  readonly to: number
  readonly steps: number
}

/** The rate of a step, geometrically spaced. */
export function searchedRate(range: LrRange, step: number): number {
  checkArguments(
    'searchedRate',
    { range, step },
    { range: anObject<LrRange>('a range of rates', 'from'), step: anyNumber }
  )
  const { from, to, steps } = range
  return steps === 1 ? from : from * (to / from) ** (Math.min(step, steps - 1) / (steps - 1))
}

const SMOOTHING = 0.9
/** Stops when the smoothed loss is this many times the lowest. */
const DIVERGED = 4
/** Slopes are fitted over this share of the points on either side. */
const REACH = 0.1

const FIND_OPTIONS = {
  /** How many rates to try. */
  steps: required(positiveInteger),
  /** Called after each rate. */
  onPoint: aFunction<(point: LrPoint) => void>()
}

/** Options of `findLearningRate`. */
export interface FindLearningRateOptions extends OptionsOf<typeof FIND_OPTIONS> {}

/**
 * Trains on batches at increasing rates until all are tried or training diverges. The weights are useless afterwards.
 * @param step trains on a batch, with the rates of `searchedRate`.
 */
export async function findLearningRate(
  step: (batch: Batch) => Promise<Pick<StepResult, 'loss' | 'learningRate'>>,
  batches: AsyncIterable<Batch>,
  options: FindLearningRateOptions
): Promise<LrSearch> {
  const { steps, onPoint } = checkOptions('findLearningRate', options, FIND_OPTIONS)
  checkArguments(
    'findLearningRate',
    { step, batches },
    { step: aFunction(), batches: anObject('batches, epoch after epoch') }
  )
  const points: LrPoint[] = []
  let average = 0
  let lowest = Infinity
  let diverged = false
  for await (const batch of batches) {
    const result = await step(batch).catch((error: unknown) => {
      // Divergence is expected here.
      if (error instanceof NonFiniteError) return undefined
      throw error
    })
    diverged = result === undefined
    if (!result) break
    const { loss, learningRate } = result
    average = SMOOTHING * average + (1 - SMOOTHING) * loss
    const smoothed = average / (1 - SMOOTHING ** (points.length + 1))
    const point = { learningRate, loss, smoothed }
    points.push(point)
    onPoint?.(point)
    lowest = Math.min(lowest, smoothed)
    diverged = smoothed > DIVERGED * lowest
    if (diverged || points.length === steps) break
  }
  return { points, ...choose(points), diverged }
}

/** Chooses rates from the points. */
export function choose(points: readonly LrPoint[]): Pick<LrSearch, 'steepest' | 'careful'> {
  const losses = points.map(({ smoothed }) => smoothed)
  const lowest = losses.indexOf(Math.min(...losses))
  // Fits a line through neighbours: the slope between two points is mostly noise.
  const reach = Math.max(1, Math.round(points.length * REACH))
  let steepest: { at: number; slope: number } | undefined
  // Skips the first points, whose averages are of few losses.
  for (let at = reach; at <= Math.min(lowest, losses.length - 1 - reach); at++) {
    const slope = slopeOf(losses.slice(at - reach, at + reach + 1))
    if (slope < (steepest?.slope ?? 0)) steepest = { at, slope }
  }
  return {
    steepest: steepest && points[steepest.at].learningRate,
    careful: (points.at(lowest)?.learningRate ?? NaN) / 10
  }
}

/** Least-squares slope of equidistant values. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const sum = values.reduce((total, value, i) => total + (i - middle) * value, 0)
  const squares = values.reduce((total, _, i) => total + (i - middle) ** 2, 0)
  return squares === 0 ? 0 : sum / squares
}
