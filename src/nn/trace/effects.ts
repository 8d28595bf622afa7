// Side effects of a forward pass in training: buffers are updated and random numbers are drawn. A graph has neither, so
// tracing collects them: buffer updates become outputs, random numbers become inputs. Who reads a buffer after its update
// in the same pass reads the update, as in torch.
import { graphInput, toValue, whileMoving } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { ResnetError } from '../../base/errors.js'
import type { ModuleBuffer } from '../module/parameter.js'

export class Effects {
  /** The value of each buffer after the pass. */
  readonly updates = new Map<ModuleBuffer, Value>()
  /** All values that buffers had on the way; like buffers, they are not differentiated. */
  readonly assigned = new Set<Value>()
  /** Graph inputs for random numbers, uniform in [0, 1), new for each run. */
  readonly noise: Value[] = []
}

let current: Effects | undefined

export function collectEffects<R>(run: () => R): { readonly result: R; readonly effects: Effects } {
  const outer = current
  const effects = new Effects()
  current = effects
  try {
    return { result: whileMoving(effects.updates, run), effects }
  } finally {
    current = outer
  }
}

/** Assigns a buffer its next value; a no-op outside `collectEffects`. From then on the buffer is that value. */
export function updateBuffer(buffer: ModuleBuffer, next: (now: Value) => Value): void {
  if (!current) return
  const value = next(toValue(buffer))
  current.updates.set(buffer, value)
  current.assigned.add(value)
}

/**
 * Random numbers, uniform in [0, 1), new at each run.
 * @param layer the layer's name, for the error.
 * @throws ResnetError outside `collectEffects`: an evaluated or exported graph has no random numbers.
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
