import { describe, expect, it } from 'vitest'
import type { LrSearch } from '../../train/lr-find.js'
import { advice, withColour } from './lr-find-run.js'

const point = (learningRate: number): LrSearch['points'][number] => ({ learningRate, loss: 1, smoothed: 1 })
const search = (change: Partial<LrSearch>): LrSearch => ({
  points: [point(0.1), point(1)],
  steepest: undefined,
  careful: 0.01,
  diverged: false,
  ...change
})

describe('the advice of a search', () => {
  it.each<[Partial<LrSearch>, RegExp]>([
    [
      { steepest: 0.123 },
      /^The loss fell fastest at 0\.12; it was lowest at 0\.1\.\nBegin with --lr 0\.12, or more carefully with --lr 0\.01\.$/
    ],
    [{ steepest: 0.003, careful: 0.022 }, /\nBegin with --lr 0\.022, or more carefully with --lr 0\.003\.$/],
    [{ steepest: 0.012, careful: 0.01 }, /\nBegin with --lr 0\.01\.$/],
    [{ steepest: 0.01, careful: 0.01 }, /\nBegin with --lr 0\.01\.$/],
    [{ steepest: 0.1, diverged: true }, /at 0\.1, and training broke down after that\./],
    [{}, /^The loss never fell: try other rates/],
    [{ diverged: true }, /^Training broke down at 1, before the loss had fallen: try lower rates/],
    [{ diverged: true, points: [point(1)] }, /^Training broke down at the first rate: try lower rates/]
  ])('%#', (change, text) => {
    expect(advice(search(change))).toMatch(text)
  })
})

it('the marks of a chart have a colour of their own', () => {
  expect(withColour('1.0 ┤ ••  •')).toEqual([
    '1.0 ┤ ',
    { style: 'cyan', text: '••' },
    '  ',
    { style: 'cyan', text: '•' },
    ''
  ])
  expect(withColour('    └──')).toEqual(['    └──'])
})
