// Names of a run's tensors in engine and checkpoint: the network's by state dict key, the trainer's under a reserved prefix.
import { ACCUMULATED, AVERAGE, OPTIMIZER } from '../networks/network-tensors.js'

/** An optimiser's state of a parameter. */
export function slotName(slot: string, parameter: string): string {
  return `${OPTIMIZER}${slot}/${parameter}`
}

/** The moving average of a parameter or buffer. */
export function averageName(name: string): string {
  return `${AVERAGE}${name}`
}

/** Accumulated gradients. */
export function accumulatedName(parameter: string): string {
  return `${ACCUMULATED}${parameter}`
}

/** The output that becomes a state's next value. */
export function nextName(name: string): string {
  return `next/${name}`
}

/** The graph input of a parameter or buffer, distinct from a step's own ports. */
export function inputName(name: string): string {
  return `state/${name}`
}
