// Text widths in DejaVu Sans: of the fonts that browsers may choose, Verdana is as wide, the others are narrower.
import { BOLD, CHARACTERS, REGULAR } from './font-widths.js'

export interface Font {
  /** In pixels. */
  readonly size: number
  readonly bold?: boolean
}

export const FONT_FAMILY = 'Verdana, "DejaVu Sans", Geneva, Arial, sans-serif'

// Width of unknown characters, as of East Asian ones.
const UNKNOWN = 1000

const places = new Map(Array.from(CHARACTERS, (character, place) => [character, place]))

export function textWidth(text: string, { size, bold = false }: Font): number {
  const widths = bold ? BOLD : REGULAR
  let total = 0
  for (const character of text) {
    const place = places.get(character)
    total += place === undefined ? UNKNOWN : widths[place]
  }
  return (total * size) / 1000
}

/** The text, truncated at its start or end to fit. */
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
