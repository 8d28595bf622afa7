// A trainer's state between steps, by name: the network's tensors and the trainer's own.
import { namedHolders, type Module } from '../nn/module/module.js'
import { accumulatedName, averageName, slotName } from '../networks/network-tensors.js'
import { abridge } from '../base/words.js'
import type { StateDict } from '../tensor/state-dict.js'
import { formatShape, zeros, type Tensor } from '../tensor/tensor.js'
import { TrainError } from './train-error.js'
import type { TrainerOptions } from './trainer-options.js'

/** Everything needed to resume a run. */
export interface TrainerState {
  readonly tensors: StateDict
  readonly steps: number
  readonly batches: number
}

/** The state before the first step. */
export function initialTensors(
  net: Module,
  { optimizer, accumulate = 1, ema: average }: TrainerOptions
): StateDict {
  const tensors: StateDict = new Map()
  for (const [name, holder] of namedHolders(net)) {
    tensors.set(name, holder.data)
    if (average && holder.dtype === 'float32') tensors.set(averageName(name), holder.data)
  }
  for (const [name, { shape, requiresGrad }] of net.namedParameters()) {
    if (!requiresGrad) continue
    for (const slot of optimizer.slots) tensors.set(slotName(slot, name), zeros(shape))
    if (accumulate > 1) tensors.set(accumulatedName(name), zeros(shape))
  }
  return tensors
}

/**
 * Validates a trainer's state.
 * @param expected see `initialTensors`.
 * @throws TrainError listing missing, unknown and wrongly shaped tensors.
 */
export function checkTensors(tensors: StateDict, expected: StateDict): void {
  const faults = [
    ...Array.from(expected.keys()).flatMap(name => (tensors.has(name) ? [] : [`${name} is missing`])),
    ...Array.from(tensors).flatMap(([name, { shape }]) => {
      const wanted = expected.get(name)?.shape
      if (!wanted) return [`${name} is not known`]
      return wanted.join() === shape.join()
        ? []
        : [`${name} is ${formatShape(shape)}, not ${formatShape(wanted)}`]
    })
  ]
  if (faults.length === 0) return
  throw new TrainError(`The saved state does not fit this trainer: ${abridge(faults, 5)}`)
}

/** A network's state dict with its averaged tensors. */
export function averagedStateDict(net: Module, tensors: StateDict): StateDict {
  // A shared layer is stored under its first name.
  const kept = new Map<Tensor, string>(namedHolders(net).map(([name, { data }]) => [data, name]))
  return new Map(
    Array.from(net.stateDict(), ([key, tensor]) => {
      const name = kept.get(tensor) ?? key
      return [key, tensors.get(averageName(name)) ?? tensors.get(name) ?? tensor]
    })
  )
}
