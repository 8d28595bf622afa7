import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { FOLDER, pixelsOf } from '../../../test/support/image-goldens.js'
import { takeOrientation } from './exif-orientation.js'
import { readImageHeader } from './image-header.js'
import { readImage } from './read-image.js'

const load = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FOLDER, name)))
const formatOf = (bytes: Uint8Array): ReturnType<typeof readImageHeader>['format'] =>
  readImageHeader(bytes).format

/** EXIF that says one thing, in either order of bytes. */
function exif(orientation: number, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(26))
  view.setUint16(0, little ? 0x4949 : 0x4d4d)
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  view.setUint16(8, 1, little)
  view.setUint16(10, 0x0112, little)
  view.setUint16(12, 3, little)
  view.setUint32(14, 1, little)
  view.setUint16(18, orientation, little)
  return new Uint8Array(view.buffer)
}

/** A JPEG with a segment of EXIF behind its start. */
function jpegWith(tiff: Uint8Array): Uint8Array {
  const segment = Uint8Array.of(0xff, 0xe1, 0, tiff.length + 8, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff)
  const jpeg = load('odd-17x9.jpg')
  return Uint8Array.of(...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2))
}

describe('takeOrientation', () => {
  it.each([
    ['orientation-6.jpg', 6],
    ['orientation-8.jpg', 8],
    ['orientation-6.png', 6]
  ])('finds it in %s, and leaves a file that every decoder reads the same', async (name, orientation) => {
    const bytes = load(name)
    const taken = takeOrientation(formatOf(bytes), bytes)
    expect(taken.orientation).toBe(orientation)
    expect(bytes).toEqual(load(name))
    expect(takeOrientation(formatOf(bytes), taken.bytes).orientation).toBe(1)
    // libvips would turn it, and libpng leaves out a chunk whose checksum is wrong.
    const { data, info } = await sharp(taken.bytes, { autoOrient: true, failOn: 'warning' })
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(pixelsOf({ ...info, channels: 3, data })).toEqual(pixelsOf(await readImage(bytes)))
  })

  it.each([true, false])('reads either order of bytes (little-endian: %s)', little => {
    expect(takeOrientation('jpeg', jpegWith(exif(5, little))).orientation).toBe(5)
  })

  it.each([0, 1, 9, 300])('takes the orientation %i for none, and copies nothing', orientation => {
    const bytes = jpegWith(exif(orientation, true))
    expect(takeOrientation('jpeg', bytes)).toEqual({ orientation: 1, bytes })
    expect(takeOrientation('jpeg', bytes).bytes).toBe(bytes)
  })

  it('touches nothing that lies outside of the EXIF it is said in', () => {
    const lie = exif(6, true)
    new DataView(lie.buffer).setUint32(4, 200, true)
    expect(takeOrientation('jpeg', jpegWith(lie)).orientation).toBe(1)
  })

  it('survives EXIF of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), noise => {
        const bytes = jpegWith(Uint8Array.of(...exif(6, true).subarray(0, noise.length), ...noise))
        expect(takeOrientation('jpeg', bytes).bytes.length).toBe(bytes.length)
      })
    )
  })
})

it('readImage turns a WebP as it says', async () => {
  const jpeg = load('orientation-6.jpg')
  const webp = await sharp(jpeg).keepExif().webp({ lossless: true }).toBuffer()
  for (const exifOrientation of [true, false]) {
    const expected = pixelsOf(await readImage(jpeg, { exifOrientation }))
    expect(pixelsOf(await readImage(webp, { exifOrientation }))).toEqual(expected)
  }
})
