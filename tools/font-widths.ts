// Writes src/inspect/diagram/font-widths.ts: the advance widths of DejaVu Sans, read from the fonts in the package
// dejavu-fonts-ttf. Run: npx tsx tools/font-widths.ts && npx prettier --write src/inspect/diagram
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf')

/** Printable ASCII, and what diagrams write beside it. */
const CHARACTERS = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  ...Array.from('×·÷−–—…⊕⊗→ℓσ√²')
]

/** Advances in thousandths of the font size (OpenType: tables cmap format 4, hhea, hmtx, head). */
function advances(file: string): number[] {
  const font = new DataView(Uint8Array.from(readFileSync(file)).buffer)
  const tables = new Map<string, number>()
  for (let i = 0; i < font.getUint16(4); i++) {
    const at = 12 + 16 * i
    const tag = String.fromCharCode(...[0, 1, 2, 3].map(offset => font.getUint8(at + offset)))
    tables.set(tag, font.getUint32(at + 8))
  }
  const [cmap = 0, hhea = 0, hmtx = 0, head = 0] = ['cmap', 'hhea', 'hmtx', 'head'].map(tag =>
    tables.get(tag)
  )
  const unitsPerEm = font.getUint16(head + 18)
  const metrics = font.getUint16(hhea + 34)
  return CHARACTERS.map(character => {
    const glyph = glyphOf(font, cmap, character.codePointAt(0) ?? 0)
    if (glyph === 0) throw new Error(`${file} has no ${character}`)
    const units = font.getUint16(hmtx + 4 * Math.min(glyph, metrics - 1))
    return Math.round((1000 * units) / unitsPerEm)
  })
}

function glyphOf(font: DataView, cmap: number, code: number): number {
  for (let i = 0; i < font.getUint16(cmap + 2); i++) {
    const table = cmap + font.getUint32(cmap + 8 + 8 * i)
    if (font.getUint16(table) !== 4) continue
    const twice = font.getUint16(table + 6)
    for (let segment = 0; segment < twice; segment += 2) {
      if (font.getUint16(table + 14 + segment) < code) continue
      const start = font.getUint16(table + 16 + twice + segment)
      if (start > code) return 0
      const delta = font.getUint16(table + 16 + 2 * twice + segment)
      const range = table + 16 + 3 * twice + segment
      const offset = font.getUint16(range)
      if (offset === 0) return (code + delta) & 0xffff
      const glyph = font.getUint16(range + offset + 2 * (code - start))
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
  }
  return 0
}

const rows = (['DejaVuSans', 'DejaVuSans-Bold'] as const).map(name => advances(join(fonts, `${name}.ttf`)))
writeFileSync(
  'src/inspect/diagram/font-widths.ts',
  `// How far each character advances in DejaVu Sans 2.37, in thousandths of the font size.
// Written by tools/font-widths.ts.

/** The characters that are known. */
export const CHARACTERS = ${JSON.stringify(CHARACTERS.join(''))}

/** Their advances, upright. */
export const REGULAR: readonly number[] = ${JSON.stringify(rows[0])}

/** Their advances, upright and bold. */
export const BOLD: readonly number[] = ${JSON.stringify(rows[1])}
`
)
