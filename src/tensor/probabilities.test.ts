import { expect, it } from 'vitest'
import { scoresOf, softmax } from './probabilities.js'

it('turns scores into probabilities without overflow', () => {
  expect(softmax([1000, 1000])).toEqual([0.5, 0.5])
  const [a, b] = softmax([0, Math.log(3)])
  expect([a, b]).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)])
})

it('reads outputs as classes that exclude each other, as yes or no, or as labels', () => {
  expect(scoresOf([0, 0])).toEqual([0.5, 0.5])
  // torch.sigmoid(torch.tensor([-4.88], dtype=torch.float64))
  expect(scoresOf([-4.88])).toEqual([expect.closeTo(0.0075398, 6)])
  expect(scoresOf([0, 1000, -1000], true)).toEqual([0.5, 1, 0])
  expect(scoresOf([NaN])).toEqual([NaN])
  expect(scoresOf([0, Infinity], true)).toEqual([0.5, NaN])
})
