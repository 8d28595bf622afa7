// Many values, a number for each.
import { sum } from '../ir/functional/reduction.js'
import { cat, reshape } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'

/** Shape: so many of any shape → (their count). */
export function sumOfEach(values: readonly Value[]): Value {
  return cat(values.map(value => reshape(sum(value), [1])))
}
