import { formatShape } from '../tensor/tensor.js'
import { COMPARED, costOf, type NetworkComparison, type NetworkCosts } from './network-costs.js'

const LABELS: Readonly<Record<(typeof COMPARED)[number], string>> = {
  layers: 'Layers with weights',
  parameters: 'Parameters',
  multiplyAdds: 'Multiply-adds',
  parameterBytes: 'Parameters (MB)',
  activationBytes: 'Layer outputs (MB)',
  latency: 'Latency, CPU (ms)'
}

/** A table: one line per cost with both networks and their ratio. */
export function formatComparison(comparison: NetworkComparison): string {
  const rows = comparisonTable(comparison)
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  const lines = rows.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
  )
  const rule = '='.repeat(Math.max(...lines.map(line => line.length)))
  const [head, ...body] = lines
  return [
    rule,
    head.trimEnd(),
    rule,
    ...body.map(line => line.trimEnd()),
    rule,
    ...comparisonNotes(comparison)
  ].join('\n')
}

/** The table's cells by row, with headers in the first row and column. */
export function comparisonTable({ a, b, ratios }: NetworkComparison): string[][] {
  const shown = COMPARED.filter(key => costOf(a, key) !== undefined)
  return [
    ['', a.name, b.name, 'Ratio'],
    ['Input', formatShape(a.inputShape), formatShape(b.inputShape), ''],
    ...shown.map(key => {
      const ratio = ratios[key]
      return [
        LABELS[key],
        written(a, key),
        written(b, key),
        ratio === undefined ? '--' : `${ratio.toFixed(2)}×`
      ]
    })
  ]
}

function written(costs: NetworkCosts, key: (typeof COMPARED)[number]): string {
  const cost = costOf(costs, key) ?? 0
  if (key === 'latency') return milliseconds(cost)
  return key.endsWith('Bytes') ? (cost / 1e6).toFixed(2) : cost.toLocaleString('en-US')
}

/** Three significant digits. */
function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}

/** Notes below the table. */
export function comparisonNotes({ a, b }: NetworkComparison): string[] {
  if (!a.latency || !b.latency) return []
  const spreads = [a, b].map(({ name, latency }) =>
    latency ? `${name} ${milliseconds(latency.lower)}–${milliseconds(latency.upper)} ms` : name
  )
  return [
    `Latency: median of ${a.latency.runs} runs of each, in turn; the middle half took ${spreads.join(', ')}.`
  ]
}
