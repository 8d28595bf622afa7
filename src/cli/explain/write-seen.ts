// Writes an explanation: a PNG of the heat over the picture, or a page with both.
import { coloured } from '../../explain/colour-map.js'
import { explainPage, type PageContent } from '../../pages/explanation/explain-page.js'
import { enlargedToView, overlay } from '../../explain/overlay.js'
import { METHODS, type MethodName } from '../../explain/words.js'
import type { Picture } from '../../images/picture.js'
import { encodePng, writeImage } from '../../images/image-files.js'
import { writeFileAtomic } from '#platform'
import type { Tensor } from '../../tensor/tensor.js'
import { isPage } from './output-paths.js'

// The least side in pixels: small inputs, such as 28 × 28, are enlarged.
const LEAST_SIDE = 224
const COLOURS = 'inferno'

/** Content and captions of a file. */
export interface Shown extends Pick<PageContent, 'title' | 'classes' | 'facts'> {
  readonly method: MethodName
  /** The network's input as a picture. */
  readonly image?: Picture
  readonly heat?: Tensor<'float32'>
  readonly sheet?: Picture
  readonly alpha: number
}

/** Writes one file. @throws ResnetError when it cannot be written. */
export async function writeSeen(path: string, shown: Shown): Promise<void> {
  const { image, heat, sheet, alpha } = shown
  if (!isPage(path)) {
    if (sheet) await writeImage(path, sheet)
    else if (image && heat) {
      const viewed = enlargedToView({ image, heat }, LEAST_SIDE)
      await writeImage(path, overlay(viewed.image, viewed.heat, { alpha, colours: COLOURS }))
    }
    return
  }
  const { title, classes, facts, method } = shown
  const viewed = image && heat && enlargedToView({ image, heat }, LEAST_SIDE)
  const page = explainPage({
    title,
    reading: METHODS[method].shows,
    classes,
    facts,
    ...(image ? { picture: await encodePng(viewed?.image ?? image) } : {}),
    ...(viewed
      ? { heat: { png: await encodePng(coloured(viewed.heat, COLOURS)), alpha, colours: COLOURS } }
      : {}),
    ...(sheet ? { sheet: await encodePng(sheet) } : {})
  })
  await writeFileAtomic(path, [new TextEncoder().encode(page)])
}
