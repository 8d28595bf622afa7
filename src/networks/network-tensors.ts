// Which tensors of a training run are the network's own. What a trainer keeps beside them has a prefix that no module's
// name can have.
import type { StateDict } from '../tensor/state-dict.js'
import type { Tensor } from '../tensor/tensor.js'

export const OPTIMIZER = 'optimizer/'
export const AVERAGE = 'average/'
export const ACCUMULATED = 'accumulated/'

/** The moving averages among the tensors that a trainer keeps, by the network's own names. */
export function averagesAmong(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>
): ReadonlyMap<string, Tensor> {
  return new Map(
    Array.from(tensors).flatMap(([name, tensor]) =>
      name.startsWith(AVERAGE) ? [[name.slice(AVERAGE.length), tensor] as const] : []
    )
  )
}

/** The network's own tensors, averaged where an average was kept. */
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
