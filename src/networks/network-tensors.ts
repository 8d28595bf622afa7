// Names of a run's tensors in engine and checkpoint: the network's by state dict key, a trainer's under reserved prefixes.
import { checkArguments } from '../base/options.js'
import { aStateDict, type StateDict } from '../tensor/state-dict.js'

const OPTIMIZER = 'optimizer/'
const AVERAGE = 'average/'
const ACCUMULATED = 'accumulated/'
const RESERVED = [OPTIMIZER, AVERAGE, ACCUMULATED]

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

/** Whether a name is that of a trainer's tensor, or the start of one. */
export function isTrainingState(name: string): boolean {
  return RESERVED.some(prefix => name.startsWith(prefix))
}

/** The network's tensors, averaged ones where available. */
export function networkTensors(tensors: StateDict): StateDict {
  checkArguments('networkTensors', { tensors }, { tensors: aStateDict })
  const own = [...tensors].filter(([name]) => !isTrainingState(name))
  return new Map(own.map(([name, tensor]) => [name, tensors.get(averageName(name)) ?? tensor]))
}
