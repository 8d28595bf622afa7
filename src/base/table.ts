// Tables as lines of text: columns aligned by what a terminal shows, fitted to its width.
import { printable } from './words.js'

export interface TableOptions {
  /** So many columns, the first ones, are texts: aligned left, and shortened where the table is too wide. */
  readonly left: number
  /** Default without limit. */
  readonly width?: number | undefined
}

const GAP = '  '
/** A text is shortened no further: less tells nothing. */
const LEAST = 8

/** The lines of a table, its cells escaped. The widest texts are shortened in their middle until a line fits. */
export function tableLines(
  rows: readonly (readonly string[])[],
  { left, width = Infinity }: TableOptions
): string[] {
  const cells = rows.map(row => row.map(printable))
  const widths = cells[0].map((_, column) => Math.max(...cells.map(row => columnsOf(row[column]))))
  const total = (): number => widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1))
  while (total() > width) {
    const widest = Math.max(...widths.slice(0, left))
    if (!(widest > LEAST)) break
    widths[widths.indexOf(widest)]--
  }
  return cells.map(row =>
    row
      .map((cell, column) => {
        const text = shortened(cell, widths[column])
        const pad = ' '.repeat(widths[column] - columnsOf(text))
        return column < left ? text + pad : pad + text
      })
      .join(GAP)
      .trimEnd()
  )
}

/** A text of at most so many columns: its start and its end. */
export function shortened(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  const characters = Array.from(text)
  let [from, to] = [Math.ceil(characters.length / 2), Math.ceil(characters.length / 2)]
  const joined = (): string => `${characters.slice(0, from).join('')}…${characters.slice(to).join('')}`
  while (columnsOf(joined()) > width && (from > 0 || to < characters.length)) {
    // In turn, so that the end, which often tells names apart, stays as long as the start.
    if (from > characters.length - to) from--
    else to++
  }
  return width < 1 ? '' : joined()
}

const UNSEEN = /^[\p{M}\p{Cf}]$/u
const WIDE =
  /^[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u

/** How many columns of a terminal a text takes: East Asian characters and emoji two, accents of their own none. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += UNSEEN.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return columns
}
