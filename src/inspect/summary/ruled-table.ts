import { columnsOf, tableLines, type TableOptions } from '../../base/table.js'

/** The lines of a table between rules. */
export function ruledTable(rows: readonly (readonly string[])[], options: TableOptions): string[] {
  const [head, ...body] = tableLines(rows, options)
  const rule = '='.repeat(Math.max(...[head, ...body].map(columnsOf)))
  return [rule, head, rule, ...body, rule]
}
