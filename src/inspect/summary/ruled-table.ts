import { printable } from '../../base/words.js'

/** The lines of a table between rules, its cells escaped; its first `left` columns are aligned left, the others right. */
export function ruledTable(texts: readonly (readonly string[])[], left: number): string[] {
  const rows = texts.map(row => row.map(printable))
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  const lines = rows.map(row =>
    row.map((cell, column) => (column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
  )
  const rule = '='.repeat(lines[0].join('  ').length)
  const [head, ...body] = lines.map(cells => cells.join('  ').trimEnd())
  return [rule, head, rule, ...body, rule]
}
