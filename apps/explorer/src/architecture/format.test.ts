import { expect, it } from 'vitest'
import { grouped } from './format.js'

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1 000'],
  [60_192_808, '60 192 808'],
  [123_456_789_012, '123 456 789 012']
])('writes %d in groups of three digits', (count, written) => {
  expect(grouped(count)).toBe(written)
})
