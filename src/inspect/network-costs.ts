import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { countLayers } from './count-layers.js'
import type { Latency } from './latency.js'
import { summarize } from './summary.js'

/** A network's costs per forward pass. */
export interface NetworkCosts {
  readonly name: string
  readonly inputShape: Shape
  /** Convolutions and linear layers on the main path, without projections, gates and attention. */
  readonly layers: number
  readonly parameters: number
  readonly multiplyAdds: number
  readonly parameterBytes: number
  /** Bytes of all layers' outputs. */
  readonly activationBytes: number
  /** Measured CPU time. */
  readonly latency?: Latency
}

/** The compared costs, in order. */
export const COMPARED = [
  'layers',
  'parameters',
  'multiplyAdds',
  'parameterBytes',
  'activationBytes',
  'latency'
] as const

/** The second network's costs divided by the first's; undefined where the first has 0. */
export type CostRatios = Readonly<Partial<Record<(typeof COMPARED)[number], number>>>

/** Two networks' costs. */
export interface NetworkComparison {
  readonly a: NetworkCosts
  readonly b: NetworkCosts
  readonly ratios: CostRatios
}

/**
 * Counts a network's costs without running it.
 * @throws ShapeError naming the module when the input's shape does not fit.
 */
export function networkCosts(
  net: Module,
  { input, name = net.typeName }: { readonly input: Shape; readonly name?: string }
): NetworkCosts {
  const { parameters, multiplyAdds, parameterBytes, activationBytes } = summarize(net, { input })
  const { total } = countLayers(net, { input })
  return { name, inputShape: input, layers: total, parameters, multiplyAdds, parameterBytes, activationBytes }
}

export function compareCosts(a: NetworkCosts, b: NetworkCosts): NetworkComparison {
  const pairs = COMPARED.flatMap(key => {
    const [first, second] = [a, b].map(costs => costOf(costs, key))
    return first === undefined || second === undefined || first === 0 ? [] : [[key, second / first] as const]
  })
  return { a, b, ratios: Object.fromEntries(pairs) }
}

/** A cost as a number; the median of the latency. */
export function costOf(costs: NetworkCosts, key: (typeof COMPARED)[number]): number | undefined {
  return key === 'latency' ? costs.latency?.median : costs[key]
}
