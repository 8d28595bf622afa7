// Watching sums and products while a network's `forward` writes them, and leaving some of them out.
import type { Value } from './ops.js'

/** Sees `add(a, b)` or `mul(a, b)`: `make` computes it; what it returns stands in its place. */
export type JoinObserver = (a: Value, b: Value, make: () => Value) => Value

const observers: JoinObserver[] = []

/** Runs something while an observer sees every sum and product; one that began later is asked first. */
export function observeJoins<R>(observer: JoinObserver, run: () => R): R {
  observers.push(observer)
  try {
    return run()
  } finally {
    observers.pop()
  }
}

/** Makes a sum or a product under the eyes of whoever watches. */
export function observed(a: Value, b: Value, make: () => Value): Value {
  let proceed = make
  for (const observer of observers) {
    const inner = proceed
    proceed = () => observer(a, b, inner)
  }
  return proceed()
}
