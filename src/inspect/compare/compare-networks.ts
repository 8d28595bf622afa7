// Compares two networks by counts and by measured time.
import { usualImage } from '../../nn/layers/probe-body.js'
import {
  aString,
  checkArguments,
  checkOptions,
  either,
  listOf,
  wholeNumber,
  type OptionsOf
} from '../../base/options.js'
import { compile } from '../../compile/compile.js'
import { elements } from '../summary/multiply-adds.js'
import { compareCosts, networkCosts, type Latency, type NetworkComparison } from './network-costs.js'
import type { Shape } from '../../ir/shape.js'
import { aNetwork, anInputShape } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { ShapeError } from '../../base/errors.js'
import { rand } from '../../tensor/random/random.js'
import { formatShape } from '../../tensor/tensor.js'

const OPTIONS = {
  /** The input's shape, or one per network; a symbolic batch counts as one image. Default as for `summarize`. */
  input: either(anInputShape, listOf(anInputShape, 2)),
  /** Display names; default the classes. */
  names: listOf(aString, 2),
  /** Measured runs of each on the CPU; default 20, 0 for none. */
  runs: wholeNumber(0)
}

/** Options of `compareNetworks`. */
export interface CompareOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Compares two networks: layers, parameters, multiply-adds, memory and CPU time. Ratios are b's over a's.
 *
 * @throws ShapeError naming the module when an input's shape does not fit, or when it is too large to be measured.
 * @example
 * const { ratios } = await compareNetworks(resnet18(), resnet50(), { runs: 0 })
 * ratios.parameters // 2.19
 */
export async function compareNetworks(
  a: Module,
  b: Module,
  options: CompareOptions = {}
): Promise<NetworkComparison> {
  checkOptions('compareNetworks', options, OPTIONS)
  checkArguments('compareNetworks', { a, b }, { a: aNetwork, b: aNetwork })
  const { input = [usualImage(a), usualImage(b)], names = [a.typeName, b.typeName], runs = 20 } = options
  const [inputA, inputB] = isPair(input) ? input : [input, input]
  const costs = [
    networkCosts(a, { input: inputA, name: names[0] }),
    networkCosts(b, { input: inputB, name: names[1] })
  ] as const
  if (runs === 0) return compareCosts(...costs)
  for (const shape of [inputA, inputB]) {
    const count = elements(shape)
    if (count <= MOST_ELEMENTS) continue
    throw new ShapeError(
      `compare: an input of ${formatShape(shape)} has ${count} elements, more than can be measured (${MOST_ELEMENTS})`
    )
  }
  await using first = await compile(a, { input: inputA })
  await using second = await compile(b, { input: inputB })
  const [x, y] = [inputA, inputB].map(shape => rand(shape.map(dim => (dim === 'N' ? 1 : dim))))
  const [latencyA, latencyB] = await measureInTurn([() => first(x), () => second(y)], runs)
  return compareCosts({ ...costs[0], latency: latencyA }, { ...costs[1], latency: latencyB })
}

// 4 GB of float32.
const MOST_ELEMENTS = 2 ** 30

function isPair(input: Shape | readonly [a: Shape, b: Shape]): input is readonly [a: Shape, b: Shape] {
  return Array.isArray(input[0])
}

/** Runs all alternatives in turn, in alternating order, so that other load affects all of them equally. */
export async function measureInTurn(
  jobs: readonly (() => Promise<unknown>)[],
  runs: number,
  { warmUps = 3, now = () => performance.now() } = {}
): Promise<Latency[]> {
  const times: number[][] = jobs.map(() => [])
  const order = jobs.map((job, place) => ({ job, times: times[place] }))
  for (let round = -warmUps; round < runs; round++) {
    for (const { job, times } of round % 2 === 0 ? order : [...order].reverse()) {
      const start = now()
      await job()
      if (round >= 0) times.push(now() - start)
    }
  }
  return times.map(all => {
    const sorted = all.sort((a, b) => a - b)
    const [lower, median, upper] = [0.25, 0.5, 0.75].map(share => quantile(sorted, share))
    return { median, lower, upper, runs }
  })
}

/** Linear interpolation (type 7 of Hyndman & Fan 1996, NumPy's default). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
