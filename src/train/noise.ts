// The random numbers that layers such as dropout are fed.
import type { Value } from '../ir/ops.js'
import { Generator } from '../tensor/generator.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'

/**
 * Numbers uniform in [0, 1) for a graph's inputs of noise, by their names.
 * @param seedOf gives each input a generator of its own.
 */
export function noiseTensors(
  noise: readonly Value[],
  seedOf: (index: number) => number
): Record<string, Tensor> {
  return Object.fromEntries(
    noise.map(({ shape, origin }, i) => {
      const sizes = shape.map(Number)
      const numbers = new Generator(seedOf(i)).uniform(sizeOf(sizes))
      return [origin.kind === 'input' ? origin.name : '', new Tensor(numbers, sizes, 'float32')]
    })
  )
}
