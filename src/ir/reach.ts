// The ancestors of values in the graph.
import type { Value } from './ops.js'

/**
 * The values and all their ancestors, in no particular order.
 * @param isOutside where to stop: these values, and ancestors reached only through them, are left out.
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

/** A value and its ancestors up to `start`, which is excluded. */
export function between(end: Value, start: Value): Set<Value> {
  return reachedFrom([end], value => value === start)
}
