import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { imageClassification } from '../pipeline/presets.js'
import { readImage } from '../decode/read-image.js'
import { resizer, shorterSideSize } from './resize.js'
import type { Picture } from '../picture.js'
import {
  applyCenterCrop,
  applyResize,
  centerCrop,
  resize as resizeBoth,
  resizeShorter
} from '../steps/geometry.js'
import { FOLDER, golden, pixelsOf } from '../../../test/support/image-goldens.js'

let photo: Picture
let small: Picture
beforeAll(async () => {
  photo = await readImage(join(FOLDER, 'photo-500x375.jpg'))
  small = await readImage(join(FOLDER, 'rgb.png'))
})

function resize(image: Picture, width: number, height: number): Picture {
  return resizer(image, { width, height })(image)
}

describe('resizer', () => {
  it.each(golden.resized)('gives the bytes Pillow gives at $width × $height', expected => {
    expect(pixelsOf(resize(photo, expected.width, expected.height))).toEqual(expected)
  })

  it.each(golden.resizedBy)('gives the bytes Pillow gives with $filter at $width × $height', expected => {
    const { filter, ...pixels } = expected
    expect(pixelsOf(resizer(photo, pixels, undefined, filter)(photo))).toEqual(pixels)
    const step = resizeBoth([pixels.height, pixels.width], { interpolation: filter })
    expect(pixelsOf(applyResize(photo, step))).toEqual(pixels)
  })

  it('knows the filters by name', () => {
    expect(resizeBoth([2, 2])).toEqual({ name: 'resize', size: { width: 2, height: 2 } })
    // @ts-expect-error It is none of Pillow's that weigh pixels.
    expect(() => resizeShorter(2, { interpolation: 'nearest' })).toThrow(
      "resizeShorter.interpolation: expected 'box', 'bilinear', 'hamming', 'bicubic' or 'lanczos', got 'nearest'"
    )
  })

  it.each(golden.resizedShorterSide)(
    '$file to a shorter side of $size as torchvision does',
    async expected => {
      const { file, size, ...pixels } = expected
      const image = await readImage(join(FOLDER, file))
      expect(pixelsOf(resizer(image, shorterSideSize(image, size))(image))).toEqual(pixels)
    }
  )

  it('wants three bytes for each pixel, and not what an earlier image left', () => {
    resize(photo, 20, 10)
    for (const bytes of [0, 12, 47, 49, 64]) {
      const image = { width: 4, height: 4, channels: 3, data: new Uint8Array(bytes) } as const
      const wanted = `expected 4 × 4 × 3 bytes, got ${bytes}`
      expect(() => resize(image, 2, 2)).toThrow(wanted)
      expect(() => imageClassification()(image)).toThrow(wanted)
    }
  })

  it('cuts the longer side to whole pixels', () => {
    expect(shorterSideSize({ width: 500, height: 375 }, 256)).toEqual({ width: 341, height: 256 })
    expect(shorterSideSize({ width: 375, height: 500 }, 232)).toEqual({ width: 232, height: 309 })
    expect(shorterSideSize({ width: 7, height: 7 }, 3)).toEqual({ width: 3, height: 3 })
  })

  it('gives pixels that no other resizer writes over', () => {
    const first = resize(photo, 20, 10)
    const copy = first.data.slice()
    resize(small, 20, 10)
    expect(first.data).toEqual(copy)
  })

  it('computes any region as it computes the whole', () => {
    const side = fc.integer({ min: 1, max: 40 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const channel = fc.constantFrom(1 as const, 3 as const)
    fc.assert(
      fc.property(
        channel,
        side,
        side,
        side,
        side,
        share,
        share,
        share,
        share,
        (channels, w, h, width, height, a, b, c, d) => {
          const image = { width: w, height: h, channels, data: photo.data.subarray(0, w * h * channels) }
          const left = Math.floor(a * (width - 1))
          const top = Math.floor(b * (height - 1))
          const region = {
            left,
            top,
            width: 1 + Math.floor(c * (width - left - 1)),
            height: 1 + Math.floor(d * (height - top - 1))
          }
          const whole = resize(image, width, height)
          const part = resizer(image, { width, height }, region)(image)
          expect([part.width, part.height]).toEqual([region.width, region.height])
          const expected = Array.from({ length: region.height }, (_, y) => {
            const at = ((top + y) * width + left) * channels
            return [...whole.data.subarray(at, at + region.width * channels)]
          })
          expect([...part.data]).toEqual(expected.flat())
        }
      ),
      { numRuns: 300 }
    )
  })

  it('keeps a plain colour at every size', () => {
    const side = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(side, side, side, side, fc.nat(255), (w, h, width, height, level) => {
        const image = {
          width: w,
          height: h,
          channels: 3,
          data: new Uint8Array(w * h * 3).fill(level)
        } as const
        expect(resize(image, width, height).data.every(byte => byte === level)).toBe(true)
      })
    )
  })
})

describe('centerCrop', () => {
  it.each(golden.centerCropped)('cuts or pads to $width × $height as torchvision does', expected => {
    expect(pixelsOf(applyCenterCrop(small, centerCrop([expected.height, expected.width])))).toEqual(expected)
  })
})
