// The moving averages among the tensors that a trainer keeps.
import type { Tensor } from '../tensor/tensor.js'
import { averagedName } from './state-names.js'

/** By the network's own names. */
export function averagesAmong(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>
): ReadonlyMap<string, Tensor> {
  return new Map(
    Array.from(tensors).flatMap(([name, tensor]) => {
      const averaged = averagedName(name)
      return averaged === undefined ? [] : [[averaged, tensor] as const]
    })
  )
}
