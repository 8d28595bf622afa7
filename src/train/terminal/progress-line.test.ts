import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { progressLine, type ProgressState } from './progress-line.js'

const state: ProgressState = {
  epoch: 3,
  epochs: 90,
  step: 61,
  steps: 100,
  loss: 1.23456,
  accuracy: 0.7125,
  imagesPerSecond: 1234.4,
  secondsLeft: 723
}

describe('progressLine', () => {
  it('shows everything where there is room', () => {
    expect(progressLine(state, 100)).toBe(
      'epoch 3/90  ━━━━━━━━━━━━━━━─────────  61 %  loss 1.2346  acc 71.3 %  ETA 12:03  1234 img/s'
    )
  })

  it('is never wider than asked for', () => {
    const amount = fc.oneof(fc.double(), fc.double({ min: 0, max: 1e6 }))
    const arbitrary = fc
      .record({
        epoch: fc.nat(),
        epochs: fc.nat(),
        steps: fc.nat(),
        done: fc.double({ min: 0, max: 1, noNaN: true }),
        loss: amount,
        accuracy: amount,
        imagesPerSecond: amount,
        secondsLeft: amount
      })
      .map(({ done, ...rest }) => ({ ...rest, step: Math.floor(done * rest.steps) }))
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: -5, max: 200 }), (any, width) => {
        expect(progressLine(any, width).length).toBeLessThanOrEqual(Math.max(0, width))
      })
    )
  })

  it('drops first what matters least', () => {
    const parts = ['img/s', 'ETA', 'acc', 'loss', '%', 'epoch']
    const shown = Array.from({ length: 101 }, (_, width) => {
      const line = progressLine(state, width)
      return parts.filter(part => line.includes(part)).join(' ')
    })
    expect([...new Set(shown)].reverse()).toEqual([
      'img/s ETA acc loss % epoch',
      'ETA acc loss % epoch',
      'acc loss % epoch',
      'loss % epoch',
      '% epoch',
      'epoch',
      ''
    ])
  })

  it('leaves out an accuracy there is none of', () => {
    expect(progressLine({ ...state, accuracy: NaN }, 100)).not.toContain('acc')
  })

  it('knows an epoch without steps', () => {
    expect(progressLine({ ...state, step: 0, steps: 0 }, 100)).toContain('100 %')
  })
})
