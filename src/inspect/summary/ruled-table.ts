/** The lines of a table between rules; its first `left` columns are aligned left, the others right. */
export function ruledTable(rows: readonly (readonly string[])[], left: number): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  const lines = rows.map(row =>
    row.map((cell, column) => (column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
  )
  const rule = '='.repeat(lines[0].join('  ').length)
  const [head, ...body] = lines.map(cells => cells.join('  ').trimEnd())
  return [rule, head, rule, ...body, rule]
}
