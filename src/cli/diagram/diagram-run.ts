import { PathError, ResnetError } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { printable } from '../../base/words.js'
import type { DiagramStyle, DiagramTheme } from '../../inspect/diagram/diagram-choices.js'
import { drawDiagram } from '../../inspect/diagram/draw-diagram.js'
import type { Shape } from '../../ir/shape.js'
import { diagramHtml } from '../../pages/diagram/diagram-html.js'
import { say, sayWritten } from '../terminal/output.js'
import { inputOf, openChosen, withModel, type NetworkChoice } from '../open-chosen.js'
import { renderSvg, writeFileAtomic } from '#platform'

export interface DiagramOptions extends NetworkChoice {
  readonly plain?: boolean
  readonly style: DiagramStyle
  readonly stage?: string
  readonly theme?: DiagramTheme
  readonly input?: Shape
  readonly out: string
}

export async function diagram(
  model: string | undefined,
  { style, stage, theme, input, out, plain, ...choice }: DiagramOptions
): Promise<void> {
  const format = /\.(svg|png|html)$/i.exec(out)?.[1].toLowerCase()
  if (format === undefined) throw new PathError(out, 'expected a name that ends in .svg, .png or .html')
  if (stage !== undefined && style !== 'stage') throw new ResnetError('--stage goes with --style stage')
  const residual = plain ? false : undefined
  const opened = await openChosen(withModel(model, choice), 'inspect', { input, residual })
  const drawing = {
    style,
    input: inputOf(opened, { input }),
    // An image has a fixed theme.
    theme: format === 'png' && theme !== 'dark' ? 'light' : (theme ?? 'auto'),
    ...(stage === undefined ? {} : { stage }),
    // A user's own network has the name of its class.
    ...(opened.file ? {} : { name: opened.model })
  } as const
  const text = (format === 'html' ? diagramHtml : drawDiagram)(opened.net, drawing)
  const bytes =
    format === 'png' ? await renderSvg(text, { onMissing: sayMissing }) : new TextEncoder().encode(text)
  await writeFileAtomic(out, [bytes])
  await sayWritten(out, `${opened.model}, style ${style}`)
}

/** Of many characters without a glyph, so many are shown. */
const SHOWN_CHARACTERS = 12

function sayMissing(characters: readonly string[]): void {
  const rest = characters.length - SHOWN_CHARACTERS
  const more = rest > 0 ? ` and ${counted(rest, 'other character', 'other characters')}` : ''
  const shown = printable(characters.slice(0, SHOWN_CHARACTERS).join(''))
  say(`the font of PNG files has no glyphs for ${shown}${more}; the SVG shows them: --out X.svg`)
}
