// SVG as pixels in Node: resvg, with DejaVu Sans for every text, so that a picture is the same on every machine.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { checkOptions } from '../../base/options.js'
import { RENDER_OPTIONS, type RenderOptions } from '../image.js'

export type { RenderOptions } from '../image.js'

const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']

/**
 * Renders an SVG as a PNG. Whatever fonts it asks for, it gets DejaVu Sans; queries of media are not answered, so it
 * should be of one theme.
 */
export async function renderSvg(svg: string, options: RenderOptions = {}): Promise<Uint8Array> {
  const { scale = 2 } = checkOptions('renderSvg', options, RENDER_OPTIONS)
  const { Resvg } = await import('@resvg/resvg-js')
  const folder = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'))
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: FONTS.map(name => join(folder, 'ttf', name)),
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans'
    }
  })
  return picture.render().asPng()
}
