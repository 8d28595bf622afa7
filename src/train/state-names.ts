// What the tensors of a training run are called, in the engine and in checkpoints: the network's own under their names
// in the state dict, and what the trainer keeps beside them under a prefix that no module can have.
import { ACCUMULATED, AVERAGE, OPTIMIZER } from '../networks/network-tensors.js'

/** What an optimiser remembers of a parameter. */
export function slotName(slot: string, parameter: string): string {
  return `${OPTIMIZER}${slot}/${parameter}`
}

/** The moving average of a parameter or buffer. */
export function averageName(name: string): string {
  return `${AVERAGE}${name}`
}

/** Gradients put aside until a step is complete. */
export function accumulatedName(parameter: string): string {
  return `${ACCUMULATED}${parameter}`
}

/** The output that becomes a state's next value. */
export function nextName(name: string): string {
  return `next/${name}`
}

/** The input that a parameter or buffer comes in by: none of a step's own inputs and outputs is called so. */
export function inputName(name: string): string {
  return `state/${name}`
}
