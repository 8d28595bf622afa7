// What values are computed from.
import type { Value } from './ops.js'

/**
 * Some values and everything they are computed from, in no order.
 * @param isOutside where to stop: such values, and what only they are computed from, are left out.
 */
export function reachedFrom(
  values: readonly Value[],
  isOutside: (value: Value) => boolean = () => false
): Set<Value> {
  const reached = new Set<Value>()
  const pending = [...values]
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (reached.has(value) || isOutside(value)) continue
    reached.add(value)
    pending.push(...value.inputs)
  }
  return reached
}

/** A value and everything on the ways to it from another, which is left out itself. */
export function between(end: Value, start: Value): Set<Value> {
  return reachedFrom([end], value => value === start)
}
