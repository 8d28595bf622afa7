import { formatShape } from '../tensor/tensor.js'
import type { Summary, SummaryRow } from './summary.js'

const HEAD = ['Layer (type: name)', 'Output shape', 'Parameters', 'Multiply-adds', 'Memory (MB)']

/** A table with one line per call, and totals. */
export function formatSummary(summary: Summary): string {
  const cells = [HEAD, ...summary.rows.map(rowCells)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map(row => row[column].length)))
  const lines = cells.map(row =>
    row
      .map((cell, column) => align(cell, widths[column], column))
      .join('  ')
      .trimEnd()
  )
  const rule = '='.repeat(Math.max(...lines.map(line => line.length)))
  const [head, ...body] = lines
  return [rule, head, rule, ...body, rule, ...totals(summary), rule].join('\n')
}

function rowCells({
  depth,
  type,
  path,
  outputShape,
  parameters,
  multiplyAdds,
  outputBytes
}: SummaryRow): string[] {
  const name = path.split('.').at(-1) ?? ''
  const label = name === '' ? type : `${type}: ${name}`
  return [
    `${'│  '.repeat(Math.max(0, depth - 1))}${depth > 0 ? '├─ ' : ''}${label}`,
    formatShape(outputShape),
    countOrDash(parameters),
    countOrDash(multiplyAdds),
    outputBytes === 0 ? '--' : megabytes(outputBytes)
  ]
}

function totals(summary: Summary): string[] {
  const { parameters, trainableParameters, multiplyAdds, inputBytes, activationBytes, parameterBytes } =
    summary
  const lines: [string, string][] = [
    ['Parameters', grouped(parameters)],
    ['Trainable parameters', grouped(trainableParameters)],
    ['Multiply-adds', `${grouped(multiplyAdds)} (${(multiplyAdds / 1e9).toFixed(3)} G)`],
    ['Input (MB)', megabytes(inputBytes)],
    ['Layer outputs (MB)', megabytes(activationBytes)],
    ['Parameters (MB)', megabytes(parameterBytes)],
    ['Total (MB)', megabytes(inputBytes + activationBytes + parameterBytes)]
  ]
  return lines.map(([label, value]) => `${label}: ${value}`)
}

function align(cell: string, width: number, column: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width)
}

function countOrDash(count: number): string {
  return count === 0 ? '--' : grouped(count)
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

function megabytes(count: number): string {
  return (count / 1e6).toFixed(2)
}
