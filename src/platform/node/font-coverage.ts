// Which characters a TrueType font can draw, by its table `cmap`, as the rasteriser draws empty boxes in silence.
// After https://learn.microsoft.com/typography/opentype/spec/cmap, formats 4 and 12, which cover all of Unicode.
import { readFile } from 'node:fs/promises'

/** First and last of a range of characters. */
type Range = readonly [first: number, last: number]

/** What stands in no glyph: controls, spaces, joiners and selectors. */
const UNDRAWN = /[\p{Cc}\p{Cf}\p{Mn}\p{Z}\s]/u

/** The characters of a text that none of some font files can draw, each once. */
export async function missingGlyphs(text: string, fonts: readonly string[]): Promise<string[]> {
  const drawn = [...new Set(text)].filter(character => !UNDRAWN.test(character) && character > '~')
  if (drawn.length === 0) return []
  const ranges = (await Promise.all(fonts.map(async font => coverageOf(await readFile(font))))).flat()
  return drawn.filter(character => {
    const code = character.codePointAt(0) ?? 0
    return !ranges.some(([first, last]) => first <= code && code <= last)
  })
}

/** What an SVG writes with glyphs. */
export function drawnTexts(svg: string): string {
  return svg
    .replace(/<(title|desc|style)\b[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(?:x([\da-f]+)|(\d+));/gi, (_, hex?: string, decimal?: string) =>
      String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16))
    )
}

/** The characters of a font that have a glyph of their own. */
function coverageOf(bytes: Uint8Array): Range[] {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cmap = tableAt(font, 'cmap')
  const count = font.getUint16(cmap + 2)
  const subtables = Array.from({ length: count }, (_, i) => cmap + font.getUint32(cmap + 8 + 8 * i))
  return [...new Set(subtables)].flatMap(at => {
    const format = font.getUint16(at)
    return format === 12 ? groupsAt(font, at) : format === 4 ? segmentsAt(font, at) : []
  })
}

function tableAt(font: DataView, name: string): number {
  const count = font.getUint16(4)
  for (let entry = 12; entry < 12 + 16 * count; entry += 16) {
    const tag = String.fromCharCode(...[0, 1, 2, 3].map(i => font.getUint8(entry + i)))
    if (tag === name) return font.getUint32(entry + 8)
  }
  return 0
}

/** Format 12: groups of consecutive characters with consecutive glyphs. */
function groupsAt(font: DataView, at: number): Range[] {
  const count = font.getUint32(at + 12)
  return Array.from({ length: count }, (_, i) => {
    const group = at + 16 + 12 * i
    return [font.getUint32(group), font.getUint32(group + 4)]
  })
}

/** Format 4: segments of 16-bit characters, four arrays that stand one after the other. */
function segmentsAt(font: DataView, at: number): Range[] {
  const size = font.getUint16(at + 6)
  const ends = at + 14
  const starts = ends + size + 2
  const segments = Array.from({ length: size / 2 }, (_, i): Range => [
    font.getUint16(starts + 2 * i),
    font.getUint16(ends + 2 * i)
  ])
  // The last one, 0xFFFF, only ends the list.
  return segments.slice(0, -1)
}
