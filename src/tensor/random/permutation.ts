// Numbers in random order.
import type { RandomGenerator } from './generator.js'

/**
 * 0, 1, … `count` − 1 in random order (equal to `torch.randperm(count)` for counts far below 2³²).
 * Shape: (count).
 */
export function permutation(count: number, generator: RandomGenerator): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index)
  generator.words(Math.max(0, count - 1)).forEach((word, place) => {
    const other = place + (word % (count - place))
    const moved = order[place]
    order[place] = order[other]
    order[other] = moved
  })
  return order
}
