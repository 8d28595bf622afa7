import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMetricsLines, metricsLine, type EpochRecord } from './record.js'

// JSON has one zero only.
const number = fc.double().map(value => (value === 0 ? 0 : value))
const metrics = fc.record({ loss: number, accuracy: number })
const record: fc.Arbitrary<EpochRecord> = fc.record(
  {
    epoch: fc.nat(),
    step: fc.nat(),
    learningRate: number,
    train: metrics,
    validation: metrics,
    seconds: number,
    imagesPerSecond: number
  },
  { requiredKeys: ['epoch', 'step', 'learningRate', 'train', 'seconds', 'imagesPerSecond'] }
)
const textOf = (records: readonly EpochRecord[]): string =>
  records.map(one => `${metricsLine(one)}\n`).join('')

describe('metrics lines', () => {
  it('come back as they were written, not-numbers and infinities among them', () => {
    fc.assert(
      fc.property(fc.array(record), records => {
        expect(parseMetricsLines(textOf(records))).toEqual(records)
      })
    )
  })

  it('are single lines of plain JSON', () => {
    fc.assert(
      fc.property(record, one => {
        expect(metricsLine(one)).not.toContain('\n')
        expect(() => JSON.parse(metricsLine(one)) as unknown).not.toThrow()
      })
    )
  })

  it('lose only the last one wherever the text is cut off', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.nat(), (records, at) => {
        const text = textOf(records)
        const cut = text.slice(0, at % (text.length + 1))
        const complete = cut.split('\n').length - 1
        const parsed = parseMetricsLines(cut)
        expect(parsed.slice(0, complete)).toEqual(records.slice(0, complete))
        // A line that lacks nothing but its end is whole.
        expect(parsed.length - complete).toBe(cut !== '' && text[cut.length] === '\n' ? 1 : 0)
      })
    )
  })

  it('name a line that is broken before the last', () => {
    const [first, second] = ['{"epoch":1}', '{"epoch":']
    expect(() => parseMetricsLines(`${first}\n${second}\n${first}\n`)).toThrow('metrics: line 2 is not JSON')
    expect(() => parseMetricsLines(`${first}\n${second}\n`)).toThrow('metrics: line 2 is not JSON')
    expect(parseMetricsLines(`${first}\n${second}`)).toEqual([{ epoch: 1 }])
    expect(parseMetricsLines('')).toEqual([])
  })
})
