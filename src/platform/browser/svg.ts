// SVG as pixels in the browser: an image on a canvas, with the fonts the reader's system has.
import { ResnetError } from '../../base/errors.js'
import { checkOptions } from '../../base/options.js'
import { RENDER_OPTIONS, type RenderOptions } from '../image.js'

export type { RenderOptions } from '../image.js'

/**
 * Renders an SVG as a PNG.
 * @throws ResnetError when the browser cannot read it, or has no canvas so large.
 */
export async function renderSvg(svg: string, options: RenderOptions = {}): Promise<Uint8Array> {
  const { scale = 2 } = checkOptions('renderSvg', options, RENDER_OPTIONS)
  const image = new Image()
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.ceil(scale * image.naturalWidth)
    canvas.height = Math.ceil(scale * image.naturalHeight)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
    if (!blob)
      throw new ResnetError(
        `renderSvg: the browser cannot allocate a canvas of ${canvas.width} × ${canvas.height} pixels`
      )
    return new Uint8Array(await blob.arrayBuffer())
  } catch (cause) {
    if (cause instanceof ResnetError) throw cause
    throw new ResnetError('renderSvg: the browser cannot draw this SVG', { cause })
  } finally {
    URL.revokeObjectURL(url)
  }
}
