// What a network costs, in a handful of numbers, and how two networks' costs stand to each other.
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { countLayers } from './count-layers.js'
import type { Latency } from './latency.js'
import { summarize } from './summary.js'

/** A network's costs for one pass over an input. */
export interface NetworkCosts {
  readonly name: string
  readonly inputShape: Shape
  /** Convolutions and linear layers on the way that F takes: without projections, gates and attention. */
  readonly layers: number
  readonly parameters: number
  readonly multiplyAdds: number
  readonly parameterBytes: number
  /** Bytes of all layers' outputs together. */
  readonly activationBytes: number
  /** Where it was measured. */
  readonly latency?: Latency
}

/** What is compared, in the order it is listed. */
export const COMPARED = [
  'layers',
  'parameters',
  'multiplyAdds',
  'parameterBytes',
  'activationBytes',
  'latency'
] as const

/** The second network's costs as multiples of the first's; nothing where the first has none. */
export type CostRatios = Readonly<Partial<Record<(typeof COMPARED)[number], number>>>

/** Two networks side by side. */
export interface NetworkComparison {
  readonly a: NetworkCosts
  readonly b: NetworkCosts
  readonly ratios: CostRatios
}

/**
 * Counts what a network costs; nothing is computed.
 * @throws ShapeError that names the module when the input's shape does not fit.
 */
export function networkCosts(
  net: Module,
  { input, name = net.typeName }: { readonly input: Shape; readonly name?: string }
): NetworkCosts {
  const { parameters, multiplyAdds, parameterBytes, activationBytes } = summarize(net, { input })
  const { total } = countLayers(net, { input })
  return { name, inputShape: input, layers: total, parameters, multiplyAdds, parameterBytes, activationBytes }
}

/** Puts costs side by side. */
export function compareCosts(a: NetworkCosts, b: NetworkCosts): NetworkComparison {
  const pairs = COMPARED.flatMap(key => {
    const [first, second] = [a, b].map(costs => costOf(costs, key))
    return first === undefined || second === undefined || first === 0 ? [] : [[key, second / first] as const]
  })
  return { a, b, ratios: Object.fromEntries(pairs) }
}

/** One of a network's costs as a number: of the latency the median. */
export function costOf(costs: NetworkCosts, key: (typeof COMPARED)[number]): number | undefined {
  return key === 'latency' ? costs.latency?.median : costs[key]
}
