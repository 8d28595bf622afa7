// A comparison of two networks as a table, and as a page.
import { escapeHtml } from '../report/escape-html.js'
import { htmlPage } from '../report/html-page.js'
import { REPORT_STYLE } from '../report/report-style.js'
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

/** A table: one line for each cost, the networks side by side, and the second as a multiple of the first. */
export function formatComparison(comparison: NetworkComparison): string {
  const rows = rowsOf(comparison)
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  const lines = rows.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
  )
  const rule = '='.repeat(Math.max(...lines.map(line => line.length)))
  const [head, ...body] = lines
  return [rule, head.trimEnd(), rule, ...body.map(line => line.trimEnd()), rule, ...notes(comparison)].join(
    '\n'
  )
}

/** The same as a page that opens from a disk: no script, nothing fetched. */
export function comparisonHtml(comparison: NetworkComparison): string {
  const [head, ...body] = rowsOf(comparison)
  const title = `${comparison.a.name} and ${comparison.b.name}`
  const cells = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<td>${escapeHtml(cell)}</td>`
      )
      .join('')
  return htmlPage({
    title,
    styles: [REPORT_STYLE],
    body: [
      '<main>',
      `<h1>${escapeHtml(title)}</h1>`,
      '<section><div class="scroll"><table class="figures">',
      `<thead><tr>${head.map(cell => `<th scope="col">${escapeHtml(cell)}</th>`).join('')}</tr></thead>`,
      `<tbody>${body.map(row => `<tr>${cells(row)}</tr>`).join('\n')}</tbody>`,
      '</table></div>',
      ...notes(comparison).map(note => `<p>${escapeHtml(note)}</p>`),
      '</section></main>'
    ]
  })
}

function rowsOf({ a, b, ratios }: NetworkComparison): string[][] {
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

/** Three figures say as much as a clock can. */
function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}

function notes({ a, b }: NetworkComparison): string[] {
  if (!a.latency || !b.latency) return []
  const spreads = [a, b].map(({ name, latency }) =>
    latency ? `${name} ${milliseconds(latency.lower)}–${milliseconds(latency.upper)} ms` : name
  )
  return [
    `Latency: median of ${a.latency.runs} runs of each, in turn; the middle half took ${spreads.join(', ')}.`
  ]
}
