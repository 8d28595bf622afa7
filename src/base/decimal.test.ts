import { expect, it } from 'vitest'
import { readDecimal, readWhole } from './decimal.js'

it.each([
  ['0', 0, 0],
  ['-7', -7, -7],
  ['120', 120, 120],
  ['0.5', 0.5, NaN],
  ['.5', 0.5, NaN],
  ['1.', 1, NaN],
  ['1e-3', 0.001, NaN],
  ['1E+3', 1000, NaN],
  ['01', NaN, NaN],
  ['-01', NaN, NaN],
  ['00.5', NaN, NaN],
  ['-0', NaN, NaN],
  ['-0.0', NaN, NaN],
  ['+1', NaN, NaN],
  ['0x10', NaN, NaN],
  ['1_000', NaN, NaN],
  ['Infinity', NaN, NaN],
  ['1e', NaN, NaN],
  ['.', NaN, NaN],
  ['', NaN, NaN],
  [' 1', NaN, NaN]
])('%j is %d as a number, %d as a whole one', (text, decimal, whole) => {
  expect([readDecimal(text), readWhole(text)]).toEqual([decimal, whole])
})
