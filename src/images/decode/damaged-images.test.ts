// Damaged files: Pillow's pixels where Pillow reads them, an error where it refuses them.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { damaged, mayBeRefused, type DamagedImage } from '../../../test/support/damaged-images.js'
import { FOLDER } from '../../../test/support/image-goldens.js'
import { ImageError } from '../picture.js'
import { readImage } from './read-image.js'

const images = JSON.parse(readFileSync(`${FOLDER}/../damaged-images.json`, 'utf8')) as DamagedImage[]
const kindOf = ([, file]: DamagedImage): string => file.slice(file.lastIndexOf('.') + 1)

/** Null where it is as Pillow has it. */
async function difference(image: DamagedImage): Promise<string | null> {
  const [kind, file, edits, verdict] = image
  const name = `${kind}, ${file}, ${JSON.stringify(edits)}`
  const bytes = damaged(new Uint8Array(readFileSync(`${FOLDER}/${file}`)), edits)
  try {
    const { width, height, data } = await readImage(bytes)
    if (!verdict) return `${name}: read, which Pillow refuses`
    const sha256 = createHash('sha256').update(data).digest('hex').slice(0, verdict[2].length)
    return String([width, height, sha256]) === String(verdict) ? null : `${name}: other pixels`
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    return mayBeRefused(image, error.fault) ? null : `${name}: ${error.message}, which Pillow reads`
  }
}

it.each(['png', 'gif', 'jpg', 'webp'])('%s', async kind => {
  const some = images.filter(image => kindOf(image) === kind)
  expect(some.length).toBeGreaterThan(80)
  expect(some.filter(([, , , verdict]) => verdict).length).toBeGreaterThan(30)
  // One after the other: libvips mixes the messages of those that it decodes at once.
  const found: (string | null)[] = []
  for (const image of some) found.push(await difference(image))
  expect(found.filter(each => each !== null)).toEqual([])
})

it('forgives one kind only, and not every file of it', () => {
  const progressive: DamagedImage[] = images.filter(image => image[1] === 'progressive.jpg' && image[3])
  expect(progressive.length).toBeGreaterThan(5)
  expect(progressive.every(image => mayBeRefused(image, 'is corrupt'))).toBe(false)
})
