import { describe, expect, it } from 'vitest'
import {
  afterMeasurement,
  afterStep,
  currentLoss,
  hasEnded,
  NO_HISTORY,
  smoothed,
  stepsOf
} from './history.js'

const step = (loss: number) => ({ kind: 'step', loss, gradients: [loss / 10, loss] }) as const
const diverged = { kind: 'diverged', step: 2, loss: NaN } as const

describe('a history', () => {
  it('grows by what both networks did', () => {
    const once = afterStep(NO_HISTORY, [step(2), step(3)])
    const [a, b] = afterMeasurement(afterStep(once, [step(1), step(4)]), [0.25, undefined])
    expect(a).toEqual({
      losses: [2, 1],
      reaches: [0.1, 0.1],
      gradients: [0.1, 1],
      accuracies: [{ after: 2, value: 0.25 }]
    })
    expect(b.accuracies).toEqual([])
    expect(stepsOf(NO_HISTORY)).toBe(0)
    expect(NO_HISTORY[0].losses).toEqual([])
  })

  it('goes on with one network when the other has ended', () => {
    const history = afterStep(afterStep(NO_HISTORY, [step(2), step(3)]), [diverged, step(1)])
    expect(history[0].end).toEqual(diverged)
    expect(history.map(({ losses }) => losses.length)).toEqual([1, 2])
    expect(stepsOf(history)).toBe(2)
    expect(hasEnded(history)).toBe(false)
    expect(hasEnded(afterStep(history, [diverged, diverged]))).toBe(true)
  })

  it('has one accuracy for the same weights', () => {
    const once = afterMeasurement(afterStep(NO_HISTORY, [step(2), step(3)]), [0.5, 0.25])
    expect(afterMeasurement(once, [0.5, 0.25])[0].accuracies).toHaveLength(1)
  })
})

describe('smoothing', () => {
  it('leaves what is constant, and forgets its start', () => {
    expect(smoothed([2, 2, 2])).toEqual([2, 2, 2].map(value => expect.closeTo(value, 12) as number))
    const falling = smoothed([...Array.from({ length: 5 }, () => 10), ...Array.from({ length: 60 }, () => 1)])
    expect(falling[5]).toBeGreaterThan(5)
    expect(falling.at(-1)).toBeCloseTo(1, 1)
  })

  it('gives the same loss for the last step as the whole curve', () => {
    const losses = Array.from({ length: 300 }, (_, i) => 1 + Math.sin(i))
    expect(currentLoss({ ...NO_HISTORY[0], losses })).toBeCloseTo(smoothed(losses)[299], 3)
    expect(currentLoss(NO_HISTORY[0])).toBeUndefined()
  })
})
