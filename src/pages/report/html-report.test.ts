import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Chart } from '../charts/chart.js'
import {
  assertSelfContained,
  assertWellFormed,
  embeddedIn,
  HOSTILE,
  scriptsOf
} from '../testing/assert-page.js'
import { htmlReport } from './html-report.js'
import type { EpochRecord, RunReport } from '../../train/record/record.js'

function epochs(count: number): EpochRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    epoch: i + 1,
    step: 100 * (i + 1),
    learningRate: 0.1 / (i + 1),
    train: { loss: 2 / (i + 1), accuracy: 1 - 1 / (i + 2) },
    validation: { loss: 2.1 / (i + 1), accuracy: 1 - 1.1 / (i + 2) },
    seconds: 61,
    imagesPerSecond: 1234.5
  }))
}
const full: RunReport = {
  title: 'resnet18 on digits',
  command: 'resnet train digits --epochs 5',
  settings: { model: 'resnet18', lr: '0.1' },
  epochs: epochs(5),
  classes: ['cat', 'dog'],
  confusion: [
    [90, 10],
    [5, 95]
  ],
  stepLosses: [2.3, 2, 1.5, 1.2, 1]
}
/** The charts of a page by their titles. */
const chartsOf = (page: string): Record<string, Chart> =>
  Object.fromEntries(((embeddedIn(page, 'charts') ?? []) as Chart[]).map(chart => [chart.title, chart]))
const bare: RunReport = { title: 'bare', settings: {}, epochs: [] }

describe('htmlReport', () => {
  it('shows all of a run', () => {
    const page = htmlReport(full)
    assertWellFormed(page)
    assertSelfContained(page)
    for (const text of [
      '<title>resnet18 on digits</title>',
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-`,
      'resnet train digits --epochs 5',
      'After 5 epochs the network tells 2 classes apart with 81.7\u00a0% accuracy',
      'aria-label="Loss by epoch: training, validation"',
      'Accuracy (%)',
      'Learning rate',
      'Loss per batch',
      'title="cat taken for dog: 10 of 100"',
      '<th scope="row">cat</th><td>94.7 %</td><td>90.0 %</td><td>100</td>',
      '<th scope="row">5 ★</th><td>500</td><td>0.02</td>',
      '<td>1:01</td><td>1,235</td>',
      '<th scope="row">lr</th><td>0.1</td>'
    ]) {
      expect(page).toContain(text)
    }
    const { Loss: loss, 'Accuracy (%)': accuracy } = chartsOf(page)
    expect(loss.lines.map(({ label }) => label)).toEqual(['training', 'validation'])
    expect(loss.frames[0].values[1]).toEqual([2.1, 1.05, 0.7, 0.525, 0.42])
    expect(accuracy.frames[0].values[0]).toEqual([50, 66.67, 75, 80, 83.33])
  })

  it('gives each chart a name that can be read aloud', () => {
    const page = htmlReport(full)
    expect(page.match(/<div class="plot" role="img" aria-label="[^"]+"/g)).toHaveLength(4)
    expect(Object.keys(chartsOf(page))).toHaveLength(4)
  })

  it('keeps hostile names text', () => {
    const page = htmlReport({
      ...full,
      title: HOSTILE,
      command: HOSTILE,
      settings: { [HOSTILE]: HOSTILE },
      classes: [HOSTILE, `"onmouseover="alert(1)`]
    })
    assertWellFormed(page)
    assertSelfContained(page)
    expect(page).not.toMatch(/<script>alert|<img/)
    expect(scriptsOf(page)).toHaveLength(1)
    expect(page.match(/&lt;script>/g)?.length).toBeGreaterThanOrEqual(6)
  })

  it('stays well-formed whatever texts and figures it is given', () => {
    const text = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ' ', '=', '/', '%', '1') })
    const metrics = fc.record({ loss: fc.double(), accuracy: fc.double() })
    const number = fc.double()
    const record = fc.record(
      { train: metrics, validation: metrics, learningRate: number, seconds: number, imagesPerSecond: number },
      { requiredKeys: ['train', 'learningRate', 'seconds', 'imagesPerSecond'] }
    )
    const report = fc.record(
      {
        title: text,
        command: text,
        settings: fc.dictionary(text, text),
        epochs: fc
          .array(record)
          .map(records => records.map((rest, i) => ({ ...rest, epoch: i + 1, step: i + 1 }))),
        classes: fc.array(text),
        confusion: fc.nat(33).chain(size =>
          fc.array(fc.array(fc.nat(9), { minLength: size, maxLength: size }), {
            minLength: size,
            maxLength: size
          })
        ),
        stepLosses: fc.array(number)
      },
      { requiredKeys: ['title', 'settings', 'epochs'] }
    )
    fc.assert(
      fc.property(report, any => {
        const page = htmlReport(any)
        assertWellFormed(page)
        assertNoOddCoordinates(page)
      }),
      { numRuns: 40 }
    )
  })

  it('has little to say of a run that has not begun', () => {
    const page = htmlReport(bare)
    assertWellFormed(page)
    expect(page).toContain('No epoch has been completed yet.')
    expect(page).not.toMatch(/<figure|<table|<pre|<script/)
    expect(htmlReport({ ...bare, confusion: [], stepLosses: [] })).toBe(page)
  })

  it('draws one epoch as points', () => {
    const page = htmlReport({ ...bare, epochs: epochs(1) })
    assertWellFormed(page)
    assertNoOddCoordinates(page)
    expect(chartsOf(page).Loss).toMatchObject({ x: [1], frames: [{ values: [[2], [2.1]] }] })
    expect(page).not.toContain('★')
  })

  it('leaves out validation that was not measured', () => {
    const unmeasured = epochs(3).map(({ validation: _, ...record }) => record)
    const page = htmlReport({ ...bare, epochs: unmeasured })
    assertWellFormed(page)
    expect(page).toContain('aria-label="Loss by epoch: training"')
    expect(page).toContain('<td>–</td><td>–</td>')
  })

  it('leaves gaps where losses are not finite, and says so', () => {
    const [first, second, third] = epochs(3)
    const page = htmlReport({
      ...bare,
      epochs: [first, { ...second, train: { loss: NaN, accuracy: NaN } }, third],
      stepLosses: [1, Infinity, NaN, 2]
    })
    assertWellFormed(page)
    assertNoOddCoordinates(page)
    expect(page).toContain('<small>1 not finite, left out</small>')
    expect(page).toContain('<small>2 not finite, left out</small>')
    expect(page).toContain('The training loss of epoch 2 is not finite')
    const lost = { loss: NaN, accuracy: NaN }
    const nothing = htmlReport({ ...bare, epochs: [{ ...first, train: lost, validation: lost }] })
    assertWellFormed(nothing)
    expect(nothing).not.toContain('aria-label="Loss')
  })

  it('shows losses far apart on a logarithmic axis', () => {
    const far = epochs(3).map((record, i) => ({
      ...record,
      train: { ...record.train, loss: 10 ** (-2 * i) }
    }))
    expect(htmlReport({ ...bare, epochs: far })).toContain('<small>logarithmic axis</small>')
  })

  it('lists the mistakes of a thousand classes instead of a million cells', () => {
    const size = 1000
    const confusion = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => (i === j ? 50 : j === (i * 7 + 1) % size ? i % 13 : 0))
    )
    const classes = Array.from({ length: size }, (_, i) => `kind <${i}>`)
    const page = htmlReport({ ...bare, classes, confusion })
    assertWellFormed(page)
    expect(page.length).toBeLessThan(30_000)
    expect(page).not.toContain('class="confusion"')
    expect(page.match(/<li><b>/g)).toHaveLength(20)
    expect(page).toContain('<b>kind &lt;12></b> taken for <b>kind &lt;85></b>, 12 times, 19.4\u00a0%')
    expect(page).toContain('Shown are the 20 classes found least, of 1,000.')
  })

  it('numbers outputs that have no class', () => {
    expect(htmlReport({ ...full, classes: ['cat'] })).toContain('class 1')
  })
})

function assertNoOddCoordinates(page: string): void {
  expect(page).not.toMatch(/--strength:"?[^">]*(?:NaN|Infinity)/)
}
