// What a forward pass does beside its result while training: buffers take new values, and random numbers are drawn.
// A graph has neither, so whoever traces collects them: new values become outputs, random numbers inputs.
import { graphInput, state } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import { ResnetError } from '../base/errors.js'
import type { ModuleBuffer } from './parameter.js'

/** Gathers what a forward pass does beside its result. */
export class Effects {
  /** The value that each buffer has after the pass. */
  readonly updates = new Map<ModuleBuffer, Value>()
  /** Inputs to be fed with numbers drawn uniformly from [0, 1) at each run. */
  readonly noise: Value[] = []
}

let current: Effects | undefined

/** Runs a forward pass and gathers its effects. */
export function collectEffects<R>(run: () => R): { readonly result: R; readonly effects: Effects } {
  const outer = current
  const effects = new Effects()
  current = effects
  try {
    return { result: run(), effects }
  } finally {
    current = outer
  }
}

/** Gives a buffer a new value; where nobody gathers effects, nothing happens. A second update builds on the first. */
export function updateBuffer(buffer: ModuleBuffer, next: (now: Value) => Value): void {
  current?.updates.set(buffer, next(current.updates.get(buffer) ?? state(buffer)))
}

/**
 * Random numbers, uniform in [0, 1), new at each run.
 * @param layer who asks, for the error.
 * @throws ResnetError where nobody gathers effects: an evaluated or exported graph has no random numbers.
 */
export function uniformNoise(layer: string, shape: Shape): Value {
  if (!current) {
    throw new ResnetError(
      `${layer}: a graph has no random numbers of its own; trace the network in evaluation mode`
    )
  }
  const value = graphInput(`noise/${current.noise.length}`, shape)
  current.noise.push(value)
  return value
}
