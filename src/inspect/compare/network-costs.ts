// What networks cost per forward pass, compared, and as a table.
import { formatCount, counted } from '../../base/figures.js'
import { columnsOf, shortened } from '../../base/table.js'
import { printable } from '../../base/words.js'
import {
  aString,
  checkArguments,
  checkOptions,
  numberAbove,
  required,
  type OptionsOf
} from '../../base/options.js'
import type { Shape } from '../../ir/shape.js'
import { anInputShape, checkNetworkCall, returnedBy } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { formatShape } from '../../tensor/tensor.js'
import { countLayers } from '../summary/count-layers.js'
import { ruledTable } from '../summary/ruled-table.js'
import { summarize, type Summary } from '../summary/summary.js'

/** Milliseconds of a run: median and quartiles. */
export interface Latency {
  readonly median: number
  readonly lower: number
  readonly upper: number
  readonly runs: number
}

/** A network's costs per forward pass. */
export interface NetworkCosts extends Pick<
  Summary,
  'inputShape' | 'parameters' | 'multiplyAdds' | 'parameterBytes' | 'activationBytes'
> {
  readonly name: string
  /** Convolutions and linear layers on the main path, without projections, gates and attention. */
  readonly layers: number
  /** Measured CPU time. */
  readonly latency?: Latency
}

/** The compared costs and their names, in order. */
const LABELS = {
  layers: 'Layers with weights',
  parameters: 'Parameters',
  multiplyAdds: 'Multiply-adds',
  parameterBytes: 'Parameters (MB)',
  activationBytes: 'Layer outputs (MB)',
  latency: 'Latency, CPU (ms)'
} as const

type Cost = keyof typeof LABELS

const COMPARED = Object.keys(LABELS) as Cost[]

/** The second network's costs divided by the first's; undefined where the first has 0. */
export type CostRatios = Readonly<Partial<Record<Cost, number>>>

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
  options: { readonly input: Shape; readonly name?: string }
): NetworkCosts {
  checkNetworkCall('networkCosts', net, options, { input: required(anInputShape), name: aString })
  const { input, name = net.typeName } = options
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
function costOf(costs: NetworkCosts, key: Cost): number | undefined {
  return key === 'latency' ? costs.latency?.median : costs[key]
}

const FORMAT_OPTIONS = {
  /** Columns that the table may take; default without limit. Long names are shortened in their middle. */
  width: numberAbove(0)
}

/** Options of `formatComparison`. */
export interface FormatComparisonOptions extends OptionsOf<typeof FORMAT_OPTIONS> {}

/** In a narrow table, the columns of a network: those of the largest costs. */
const NARROW = 14

/** A table: one line per cost with both networks and their ratio. */
export function formatComparison(
  comparison: NetworkComparison,
  options: FormatComparisonOptions = {}
): string {
  const { width = Infinity } = checkOptions('formatComparison', options, FORMAT_OPTIONS)
  const rows = comparisonTable(comparison)
  const roomy = ruledTable(rows, { left: 1 })
  const isNarrow = columnsOf(roomy[0]) > width
  const [names, input, ...costs] = rows
  const short = [
    names.map(name => shortened(printable(name), NARROW)),
    input.map(shape => shape.replaceAll(', ', ',')),
    ...costs
  ]
  const table = isNarrow ? ruledTable(short, { left: 1, width }) : roomy
  return [...table, ...comparisonNotes(comparison)].join('\n')
}

/** The table's cells by row, with headers in the first row and column. */
export function comparisonTable(comparison: NetworkComparison): string[][] {
  const rule = returnedBy<NetworkComparison>('compareNetworks', 'ratios')
  checkArguments('formatComparison', { comparison }, { comparison: rule })
  const { a, b, ratios } = comparison
  const shown = COMPARED.filter(key => costOf(a, key) !== undefined)
  return [
    ['', a.name, b.name, 'Ratio'],
    ['Input', formatShape(a.inputShape), formatShape(b.inputShape), ''],
    ...shown.map(key => {
      const ratio = ratios[key]?.toFixed(2)
      return [LABELS[key], written(a, key), written(b, key), ratio === undefined ? '--' : `${ratio}×`]
    })
  ]
}

function written(costs: NetworkCosts, key: Cost): string {
  const cost = costOf(costs, key) ?? 0
  if (key === 'latency') return milliseconds(cost)
  return key.endsWith('Bytes') ? (cost / 1e6).toFixed(2) : formatCount(cost)
}

/** Three significant digits. */
function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}

export function comparisonNotes({ a, b }: NetworkComparison): string[] {
  if (!a.latency || !b.latency) return []
  const spreads = [a, b].map(({ name, latency }) =>
    latency ? `${name} ${milliseconds(latency.lower)}–${milliseconds(latency.upper)} ms` : name
  )
  const way = `median of ${counted(a.latency.runs, 'run', 'runs')} of each, in turn`
  return [printable(`Latency: ${way}; the middle half took ${spreads.join(', ')}.`)]
}
