import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ResnetError } from '../../base/errors.js'
import { parseMetricsLines, metricsLine, type EpochRecord } from './record.js'

// JSON has one zero only.
const number = fc.double().map(value => (value === 0 ? 0 : value))
const metrics = fc.record({ loss: number, accuracy: number })
const record: fc.Arbitrary<EpochRecord> = fc.record(
  {
    epoch: fc.integer({ min: 1, max: 2 ** 31 }),
    step: fc.nat(),
    learningRate: number,
    train: metrics,
    validation: metrics,
    seconds: number,
    imagesPerSecond: number
  },
  { requiredKeys: ['epoch', 'step', 'learningRate', 'train', 'seconds', 'imagesPerSecond'] }
)
const EPOCH: EpochRecord = {
  epoch: 1,
  step: 2,
  learningRate: 0.1,
  train: { loss: 1, accuracy: 0.5 },
  seconds: 1,
  imagesPerSecond: 6
}
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
    const [first, second] = [metricsLine(EPOCH), '{"epoch":']
    const fault = `metrics: line 2: expected JSON, got '{"epoch":'`
    expect(() => parseMetricsLines(`${first}\n${second}\n${first}\n`)).toThrow(fault)
    expect(() => parseMetricsLines(`${first}\n${second}\n`)).toThrow(fault)
    expect(parseMetricsLines(`${first}\n${second}`)).toEqual([EPOCH])
    expect(parseMetricsLines('')).toEqual([])
  })

  it.each<[string, string, string]>([
    ['an empty object', '{}', 'line 1.epoch: expected a whole number from 1 to 1099511627776, got undefined'],
    ['null', 'null', 'line 1: expected an object, got null'],
    [
      'a loss that is text',
      metricsLine({ ...EPOCH, train: { loss: 'low' as unknown as number, accuracy: 1 } }),
      "line 1.train.loss: expected a number, got 'low'"
    ],
    ['arrays without end', '['.repeat(1e6), 'line 1: is nested more than 32 deep']
  ])('refuse %s', (_, line, fault) => {
    expect(() => parseMetricsLines(line)).toThrow(ResnetError)
    expect(() => parseMetricsLines(line)).toThrow(`metrics: ${fault}`)
  })

  it('hold layers of any name', () => {
    const line = metricsLine(EPOCH).replace(
      '"seconds"',
      '"gradientNorms":{"__proto__":1,"constructor":null},"seconds"'
    )
    const [{ gradientNorms = {} }] = parseMetricsLines(line)
    expect(Object.entries(gradientNorms)).toEqual([
      ['__proto__', 1],
      ['constructor', NaN]
    ])
  })
})
