// What values are computed from.
import type { Value } from './ops.js'

/** Some values and everything they are computed from, in no order. */
export function reachedFrom(values: readonly Value[]): Set<Value> {
  const reached = new Set<Value>()
  const pending = [...values]
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (reached.has(value)) continue
    reached.add(value)
    pending.push(...value.inputs)
  }
  return reached
}
