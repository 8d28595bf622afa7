// Contact sheets: a grid of small pictures, each normalised on its own and enlarged by whole pixels.
import {
  anObject,
  checkArguments,
  checkOptions,
  listOf,
  oneOf,
  positiveInteger,
  wholeNumber,
  type OptionsOf
} from '../base/options.js'
import type { Picture } from '../images/picture.js'
import { Tensor, type FloatTensor } from '../tensor/tensor.js'
import { A_TENSOR, COLOUR_SCALES, coloured } from './colour-map.js'
import { ExplainError, explainFault } from './explanation.js'
import { everyItem } from './items.js'
import { toRgb } from '../images/pixels/colour.js'
import { repeated } from './overlay.js'

const { ceil, floor, max, min, round, sqrt } = Math

const OPTIONS = {
  /** Pictures per row; by default for a sheet that is about square. */
  columns: positiveInteger,
  /** Pixels between pictures; default about a thirtieth of a picture. */
  gutter: wholeNumber(0),
  /** Enlargement factor; by default for a sheet about 1000 pixels wide. */
  scale: positiveInteger,
  /** Colour map of single-channel pictures; default `viridis`. */
  colours: oneOf(...COLOUR_SCALES)
}

/** Layout of a contact sheet. */
export interface SheetOptions extends OptionsOf<typeof OPTIONS> {}

const WIDTH = 1000
// White is no colour of `viridis`, but it is one of `grey`.
const WHITE = [255, 255, 255] as const
const BLUE = [72, 108, 176] as const

/**
 * One image's feature maps, one picture per channel. Shape: (C, h, w) → (rows, columns, 3).
 * @throws ExplainError when there are no maps.
 */
export function featureSheet(maps: FloatTensor, options: SheetOptions = {}): Picture {
  checkOptions('featureSheet', options, OPTIONS, explainFault)
  checkArguments('featureSheet', { maps }, { maps: A_TENSOR })
  if (maps.shape.length !== 3)
    throw new ExplainError(`featureSheet: expected [channels, h, w], got ${String(maps)}`)
  const { colours = 'viridis' } = options
  const tiles = everyItem(maps).map(map => coloured(normalised(map), colours))
  return contactSheet(tiles, options)
}

/**
 * A convolution's filters: in colour for three channels, grey for one, otherwise a row of channels per filter.
 * Shape: (O, C, kH, kW) → (rows, columns, 3).
 * @throws ExplainError when there are no filters.
 */
export function filterSheet(weight: FloatTensor, options: SheetOptions = {}): Picture {
  checkOptions('filterSheet', options, OPTIONS, explainFault)
  checkArguments('filterSheet', { weight }, { weight: A_TENSOR })
  const [, channels, height, width] = weight.shape
  if (weight.shape.length !== 4)
    throw new ExplainError(`filterSheet: expected [O, C, kH, kW], got ${String(weight)}`)
  const { colours = 'grey' } = options
  // A filter's channels share one scale, since their ratio matters.
  const filters = everyItem(weight).map(normalised)
  if (channels === 3) return contactSheet(filters.map(inColour), options)
  const planes = filters.flatMap(everyItem).map(plane => plane.reshape([height, width]))
  const tiles = planes.map(plane => coloured(plane, colours))
  return contactSheet(tiles, { ...(channels === 1 ? {} : { columns: channels }), ...options, colours })
}

/**
 * A grid of equally large pictures, row by row.
 * @throws ExplainError when there are none, or an option is not a whole number.
 */
export function contactSheet(pictures: readonly Picture[], options: SheetOptions = {}): Picture {
  checkOptions('contactSheet', options, OPTIONS, explainFault)
  checkArguments(
    'contactSheet',
    { pictures },
    { pictures: listOf(anObject<Picture>('a picture, { width, height, channels, data }', 'width')) }
  )
  const [first] = pictures
  if (!first) throw new ExplainError('contactSheet: there are no pictures')
  const square = ceil(sqrt((pictures.length * first.height) / first.width))
  const { columns = max(1, min(pictures.length, square)), colours } = options
  const room = floor(WIDTH / columns)
  const { gutter = max(2, round(room / 30)) } = options
  const { scale = max(1, floor((room - gutter) / first.width)) } = options
  const across = min(columns, pictures.length)
  const down = ceil(pictures.length / columns)
  const [tileWidth, tileHeight] = [first.width * scale + gutter, first.height * scale + gutter]
  const [width, height] = [across * tileWidth + gutter, down * tileHeight + gutter]
  const between = colours === 'grey' ? BLUE : WHITE
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = between[i % 3]
  for (const [i, picture] of pictures.entries()) {
    const tile = repeated(toRgb(picture), scale)
    const left = gutter + (i % columns) * tileWidth
    const top = gutter + floor(i / columns) * tileHeight
    for (let y = 0; y < tile.height; y++) {
      const row = tile.data.subarray(y * tile.width * 3, (y + 1) * tile.width * 3)
      data.set(row, 3 * ((top + y) * width + left))
    }
  }
  return { width, height, channels: 3, data }
}

/** Min–max normalised to 0 … 1; constant maps become 0. */
function normalised({ data, shape }: FloatTensor): FloatTensor {
  const least = data.reduce((a, b) => min(a, b), Infinity)
  const range = data.reduce((a, b) => max(a, b), -Infinity) - least
  const shares = data.map(each => (range > 0 ? (each - least) / range : 0))
  return new Tensor(shares, shape, 'float32')
}

/** Shape: (3, h, w) in 0 … 1 → (h, w, 3). */
function inColour({ data, shape: [channels, height, width] }: FloatTensor): Picture {
  const plane = height * width
  const pixels = Uint8Array.from({ length: channels * plane }, (_, i) =>
    round(255 * data[(i % channels) * plane + floor(i / channels)])
  )
  return { width, height, channels: 3, data: pixels }
}
