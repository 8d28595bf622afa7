// The history of a comparison: plain data that grows step by step.
import type { LaneEnd, LaneStep } from '../lab/train-lane.js'
import type { Pair } from '../lab/train.js'

export interface LaneHistory {
  /** Of the batch of each step. */
  readonly losses: readonly number[]
  /** The ratio of the gradient norms of the first and the last recorded layer at each step: `‖first‖ / ‖last‖`. */
  readonly reaches: readonly number[]
  /** `‖g‖₂` of each recorded layer at the last step; empty before the first. */
  readonly gradients: readonly number[]
  /** Shares, 0 … 1, and the steps made before. */
  readonly accuracies: readonly { readonly after: number; readonly value: number }[]
  readonly end?: LaneEnd
}

export type History = Pair<LaneHistory>

const NOTHING: LaneHistory = { losses: [], reaches: [], gradients: [], accuracies: [] }

export const NO_HISTORY: History = [NOTHING, NOTHING]

/** Steps made; if one network has ended, by the other. */
export function stepsOf(history: History): number {
  return Math.max(...history.map(({ losses }) => losses.length))
}

/** Whether both networks have ended. */
export function hasEnded(history: History): boolean {
  return history.every(({ end }) => end !== undefined)
}

export function afterStep([a, b]: History, [resultA, resultB]: Pair<LaneStep | LaneEnd>): History {
  return [withStep(a, resultA), withStep(b, resultB)]
}

function withStep(lane: LaneHistory, result: LaneStep | LaneEnd): LaneHistory {
  if (result.kind !== 'step') return { ...lane, end: result }
  const { loss, gradients } = result
  return {
    ...lane,
    losses: [...lane.losses, loss],
    reaches: [...lane.reaches, gradients[0] / gradients[gradients.length - 1]],
    gradients
  }
}

export function afterMeasurement([a, b]: History, [valueA, valueB]: Pair<number | undefined>): History {
  return [withAccuracy(a, valueA), withAccuracy(b, valueB)]
}

function withAccuracy(lane: LaneHistory, value: number | undefined): LaneHistory {
  const after = lane.losses.length
  if (value === undefined || lane.accuracies.at(-1)?.after === after) return lane
  return { ...lane, accuracies: [...lane.accuracies, { after, value }] }
}

/** The approximate number of steps that a smoothed curve averages. */
const MEMORY = 10

/** An exponential moving average with bias correction. */
export function smoothed(values: readonly number[]): number[] {
  const keep = 1 - 1 / MEMORY
  let [sum, weight] = [0, 0]
  return values.map(value => {
    sum = keep * sum + value
    weight = keep * weight + 1
    return sum / weight
  })
}

/** The smoothed loss at the last step; `undefined` before the first. */
export function currentLoss({ losses }: LaneHistory): number | undefined {
  return smoothed(losses.slice(-10 * MEMORY)).at(-1)
}
