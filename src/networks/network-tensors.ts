// Separates a network's tensors from a trainer's, which have a reserved prefix.
import type { StateDict } from '../tensor/state-dict.js'
import type { Tensor } from '../tensor/tensor.js'

export const OPTIMIZER = 'optimizer/'
export const AVERAGE = 'average/'
export const ACCUMULATED = 'accumulated/'

/** The moving averages in a checkpoint, by the network's names. */
export function averagesAmong(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>
): ReadonlyMap<string, Tensor> {
  return new Map(
    Array.from(tensors).flatMap(([name, tensor]) =>
      name.startsWith(AVERAGE) ? [[name.slice(AVERAGE.length), tensor] as const] : []
    )
  )
}

/** The network's tensors, averaged ones where available. */
export function networkTensors(tensors: StateDict): StateDict {
  const averages = averagesAmong(tensors)
  const isOwn = (name: string): boolean =>
    ![OPTIMIZER, AVERAGE, ACCUMULATED].some(prefix => name.startsWith(prefix))
  return new Map(
    Array.from(tensors).flatMap(([name, tensor]) =>
      isOwn(name) ? [[name, averages.get(name) ?? tensor] as const] : []
    )
  )
}
