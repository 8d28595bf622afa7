// Damaged files in a page: Pillow's pixels where Pillow reads them, an error where it refuses them, as in Node, but for two kinds.
import { expect, it } from 'vitest'
import { ImageError, readImage } from 'resnet-ts/images'
import { damaged, mayBeRefused, type DamagedImage } from '../support/damaged-images.js'
import { golden, goldenAddress, served, sha256 } from './served.js'

const images = await golden<DamagedImage[]>('damaged-images.json')
const names = [...new Set(images.map(([, file]) => file))]
const files = new Map(
  await Promise.all(names.map(async name => [name, await served(goldenAddress(`images/${name}`))] as const))
)

/** Chromium's decoder wants a JPEG's end. */
const WITHOUT_END = ['cut', 'no end', 'zeros', 'garbage, no marker']
/** It does not look at the checksum of a PNG's data after the last row, if that of their chunk is right. */
const UNCHECKED = 'wrong Adler'
/** It mixes inks in a way of its own (images.test.ts). */
const INKS = 'cmyk.jpg'

async function difference(image: DamagedImage): Promise<string | null> {
  const [kind, file, edits, verdict] = image
  const name = `${kind}, ${file}, ${JSON.stringify(edits)}`
  try {
    const { width, height, data } = await readImage(damaged(files.get(file) ?? new Uint8Array(0), edits))
    if (!verdict && kind === UNCHECKED) return null
    if (!verdict) return `${name}: read, which Pillow refuses`
    const hash = (await sha256(new Uint8Array(data))).slice(0, verdict[2].length)
    if (file === INKS && width === verdict[0] && height === verdict[1]) return null
    return String([width, height, hash]) === String(verdict) ? null : `${name}: other pixels`
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    if (file.endsWith('.jpg') && WITHOUT_END.includes(kind) && error.fault === 'is truncated or corrupt')
      return null
    return mayBeRefused(image, error.fault) ? null : `${name}: ${error.message}, which Pillow reads`
  }
}

it.each(['png', 'gif', 'jpg', 'webp'])('%s', async kind => {
  const found: string[] = []
  for (const image of images) {
    if (!image[1].endsWith(kind)) continue
    const fault = await difference(image)
    if (fault !== null) found.push(fault)
  }
  expect(found).toEqual([])
})
