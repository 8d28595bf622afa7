import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imageClassification, type ImageClassification } from './presets.js'
import { ImageError, type Picture } from '../picture.js'
import { readImage } from '../decode/read-image.js'
import { FOLDER, golden } from '../../../test/support/image-goldens.js'

const hash = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')

describe('imageClassification', () => {
  it.each(Object.entries(golden.files))(
    'prepares %s as torchvision does, bit for bit',
    async (name, { presets }) => {
      const image = await readImage(join(FOLDER, name))
      for (const { crop, resize, sha256 } of presets) {
        const output = imageClassification({ cropSize: crop, resizeSize: resize })(image)
        expect(output.shape).toEqual([3, crop, crop])
        expect([crop, resize, hash(output.data)]).toEqual([crop, resize, sha256])
      }
    }
  )

  it('takes the statistics of other data', async () => {
    const { sha256, ...statistics } = golden.otherStatistics
    const image = await readImage(join(FOLDER, 'photo-500x375.jpg'))
    expect(hash(imageClassification(statistics)(image).data)).toBe(sha256)
  })

  it('says its sizes, by default 224 of 256', () => {
    const sizes = ({ cropSize, resizeSize }: ImageClassification): number[] => [cropSize, resizeSize]
    expect(sizes(imageClassification())).toEqual([224, 256])
    expect(sizes(imageClassification({ cropSize: 32, resizeSize: 40 }))).toEqual([32, 40])
  })

  it('keeps the outputs of images of one size, of many sizes and of the crop size apart', async () => {
    const prepare = imageClassification({ cropSize: 8, resizeSize: 8 })
    const image = (width: number, height: number, level: number): Picture => ({
      width,
      height,
      channels: 3,
      data: new Uint8Array(width * height * 3).fill(level)
    })
    const sizes = Array.from({ length: 20 }, (_, index) => [8 + (index % 12), 8 + (index % 5)] as const)
    const outputs = sizes.map(([width, height], level) => prepare(image(width, height, level)))
    outputs.forEach(({ data }, level) => {
      const red = Math.fround(Math.fround(Math.fround(level / 255) - Math.fround(0.485)) / Math.fround(0.229))
      expect(data.subarray(0, 64).every(value => value === red)).toBe(true)
    })
  })

  it('shows the pixels it keeps, which no later image changes', async () => {
    const { crop } = imageClassification({ cropSize: 64, resizeSize: 72 })
    const image = await readImage(join(FOLDER, 'photo-500x375.jpg'))
    const kept = crop(image)
    const levels = kept.data.slice()
    crop({ ...image, data: image.data.map(level => 255 - level) })
    expect(kept).toEqual({ width: 64, height: 64, channels: 3, data: levels })
    const plain = imageClassification({ cropSize: 64, resizeSize: 72, mean: [0, 0, 0], std: [1, 1, 1] })(
      image
    )
    const planes = Array.from(plain.data, level => Math.round(255 * level))
    expect(Array.from(levels, (_, i) => planes[(i % 3) * 64 * 64 + Math.floor(i / 3)])).toEqual([...levels])
  })

  it('refuses sizes and deviations that mean nothing', () => {
    expect(() => imageClassification({ cropSize: 0 })).toThrow(ImageError)
    expect(() => imageClassification({ resizeSize: 1.5 })).toThrow(
      'imageClassification.resizeSize: expected a whole number from 1 to 4096, got 1.5'
    )
    expect(() => imageClassification({ std: [1, 0, 1] })).toThrow(
      'imageClassification.std[1]: expected a number from 1e-12 to 1000000000000, got 0'
    )
    expect(() => imageClassification({ mean: [1, NaN, 1] })).toThrow(
      'imageClassification.mean[1]: expected a number from -1000000000000 to 1000000000000, got NaN'
    )
  })
})
