import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminalChart } from './terminal-chart.js'

const falling = { name: 'residual', mark: '*', values: [4, 2, 1, 0.5, 0] }
const slower = { name: 'plain', mark: 'o', values: [4, 3, 2.5, 2, 2] }
const shown = (...args: Parameters<typeof terminalChart>): string => `\n${terminalChart(...args)}\n`

describe('terminalChart', () => {
  it('draws curves that differ in their marks', () => {
    expect(shown([falling, slower], { width: 40, height: 9, yLabel: 'loss' })).toMatchInlineSnapshot(`
      "
      loss
      4 ┤*oo
        │  *oooo
        │    ** ooooooo
        │      **      ooooooooo
      2 ┤        ****           oooooooooooooo
        │            ****
        │                *******
        │                       *********
      0 ┤                                *****
        └┬────────┬────────┬────────┬────────┬
         1        2        3        4        5
         * residual   o plain
      "
    `)
  })

  it('leaves out what is not finite, and marks a single point', () => {
    const gaps = { name: 'gaps', mark: 'x', values: [1, NaN, 3, 3, Infinity, 1] }
    expect(shown([gaps], { width: 30, height: 5 })).toMatchInlineSnapshot(`
      "
      3 ┤          xxxxxxx
        │
      2 ┤
        │
      1 ┤x                         x
        └┬───────────────┬─────────┬
         1               4         6
         x gaps
      "
    `)
    const one = { name: 'one', mark: 'x', values: [0.5] }
    expect(shown([one], { width: 30, height: 4 })).toMatchInlineSnapshot(`
      "
      0.6 ┤
          │
      0.5 ┤x
      0.4 ┤
          └┬────────────────────────
           1
           x one
      "
    `)
  })

  it('draws axes where there is nothing else', () => {
    expect(shown([], { width: 20, height: 3 })).toMatchInlineSnapshot(`
      "
      1 ┤
        │
      0 ┤
        └─────────────────
      "
    `)
  })

  it('writes values as it is told', () => {
    const text = terminalChart([falling], { width: 40, height: 6, format: value => `${25 * value} %` })
    expect(text).toContain('100 % ┤*')
  })

  it('lets curves that lie on each other take turns', () => {
    const twin = { ...falling, name: 'twin', mark: 'o' }
    const [top] = terminalChart(
      [
        { ...falling, values: [1, 1] },
        { ...twin, values: [1, 1] }
      ],
      {
        width: 16,
        height: 3
      }
    )
      .split('\n')
      .filter(line => line.includes('*'))
    expect(top).toMatch(/(\*o){3}/)
  })

  it('colours only when told to, and changes nothing else by it', () => {
    const options = { width: 40, height: 6 }
    const plain = terminalChart([falling, slower], options)
    const coloured = terminalChart([falling, slower], { ...options, colour: true })
    const codes = /\u001b\[\d+m/g
    expect(plain).not.toMatch(codes)
    expect(coloured).toMatch(codes)
    expect(coloured.replace(codes, '')).toBe(plain)
  })

  it('is never wider than asked for', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' })
    const series = fc.record({
      name: ascii,
      mark: fc.constantFrom('*', 'o', '●', ''),
      values: fc.array(fc.double())
    })
    const options = fc.record(
      { width: fc.nat(120), height: fc.nat(30), yLabel: ascii },
      { requiredKeys: ['width', 'height'] }
    )
    fc.assert(
      fc.property(fc.array(series, { maxLength: 4 }), options, (several, asked) => {
        for (const line of terminalChart(several, asked).split('\n')) {
          expect(line.length).toBeLessThanOrEqual(asked.width)
        }
      })
    )
  })
})
