// What a comparison has shown so far: plain data that grows step by step.
import type { LaneEnd, LaneStep } from '../lab/train-lane.js'
import type { Pair } from '../lab/train.js'

/** An accuracy, and when it was measured. */
export interface Accuracy {
  /** Steps made before. */
  readonly after: number
  /** A share, 0 … 1. */
  readonly value: number
}

/** What one network has shown. */
export interface LaneHistory {
  /** Of the batch of each step. */
  readonly losses: readonly number[]
  /** How much of the last watched layer's gradient the first one's is, at each step: `‖first‖ / ‖last‖`. */
  readonly reaches: readonly number[]
  /** `‖g‖₂` of each watched layer at the last step; empty before the first. */
  readonly gradients: readonly number[]
  readonly accuracies: readonly Accuracy[]
  readonly end?: LaneEnd
}

/** What both networks have shown. */
export type History = Pair<LaneHistory>

const NOTHING: LaneHistory = { losses: [], reaches: [], gradients: [], accuracies: [] }

/** Before the first step. */
export const NO_HISTORY: History = [NOTHING, NOTHING]

/** Steps made: by the network that came further, where one has ended. */
export function stepsOf(history: History): number {
  return Math.max(...history.map(({ losses }) => losses.length))
}

/** Whether neither network can go on. */
export function hasEnded(history: History): boolean {
  return history.every(({ end }) => end !== undefined)
}

/** After a step. */
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

/** After a measurement. */
export function afterMeasurement([a, b]: History, [valueA, valueB]: Pair<number | undefined>): History {
  return [withAccuracy(a, valueA), withAccuracy(b, valueB)]
}

function withAccuracy(lane: LaneHistory, value: number | undefined): LaneHistory {
  const after = lane.losses.length
  if (value === undefined || lane.accuracies.at(-1)?.after === after) return lane
  return { ...lane, accuracies: [...lane.accuracies, { after, value }] }
}

/** A smoothed curve looks back over about so many steps. */
const MEMORY = 10

/** An exponential moving average, without the pull of its start. */
export function smoothed(values: readonly number[]): number[] {
  const keep = 1 - 1 / MEMORY
  let [sum, weight] = [0, 0]
  return values.map(value => {
    sum = keep * sum + value
    weight = keep * weight + 1
    return sum / weight
  })
}

/** The smoothed loss at the last step; nothing before the first. */
export function currentLoss({ losses }: LaneHistory): number | undefined {
  return smoothed(losses.slice(-10 * MEMORY)).at(-1)
}
