// How wide a text is, so that boxes fit it. The widths are those of DejaVu Sans, which pictures are drawn with and which is
// the widest of the fonts a browser may take instead (Verdana is as wide; Arial and Helvetica are narrower).
import { BOLD, CHARACTERS, REGULAR } from './font-widths.js'

/** What a text looks like, as far as its width goes. */
export interface Font {
  /** In pixels. */
  readonly size: number
  readonly bold?: boolean
}

/** The fonts a diagram asks for, the most wanted first. */
export const FONT_FAMILY = 'Verdana, "DejaVu Sans", Geneva, Arial, sans-serif'

// For characters that are not in the table: East Asian characters are as wide as high.
const UNKNOWN = 1000

const places = new Map(Array.from(CHARACTERS, (character, place) => [character, place]))

/** The width of a text in pixels. */
export function textWidth(text: string, { size, bold = false }: Font): number {
  const widths = bold ? BOLD : REGULAR
  let total = 0
  for (const character of text) {
    const place = places.get(character)
    total += place === undefined ? UNKNOWN : widths[place]
  }
  return (total * size) / 1000
}

/** The text, or as much of its end (or its beginning) as fits, with dots for the rest. */
export function shortened(text: string, width: number, font: Font, keep: 'start' | 'end' = 'start'): string {
  if (textWidth(text, font) <= width) return text
  const characters = Array.from(text)
  for (let kept = characters.length - 1; kept > 0; kept--) {
    const part =
      keep === 'start' ? `${characters.slice(0, kept).join('')}…` : `…${characters.slice(-kept).join('')}`
    if (textWidth(part, font) <= width) return part
  }
  return '…'
}
