import { expect, it } from 'vitest'
import { softmax } from './probabilities.js'

it('turns scores into probabilities without overflow', () => {
  expect(softmax([1000, 1000])).toEqual([0.5, 0.5])
  const [a, b] = softmax([0, Math.log(3)])
  expect([a, b]).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)])
})
