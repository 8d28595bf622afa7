import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { fashionMnist, mnist } from './mnist.js'
import { idxBytes } from './testing/idx-bytes.js'
import { rejection } from './testing/rejection.js'
import { scratchFolder } from './testing/scratch-folder.js'

const TRAIN_IMAGES = 'train-images-idx3-ubyte'
const TRAIN_LABELS = 'train-labels-idx1-ubyte'
const images = idxBytes([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
const labels = idxBytes([2], [9, 0])

describe('mnist', () => {
  it('reads either half, plain or compressed', async () => {
    const folder = await scratchFolder({
      [TRAIN_IMAGES]: images,
      [`${TRAIN_LABELS}.gz`]: gzipSync(labels),
      't10k-images-idx3-ubyte.gz': gzipSync(idxBytes([1, 1, 1], [255])),
      't10k-labels-idx1-ubyte': idxBytes([1], [3])
    })
    const train = await mnist(folder, { train: true })
    expect(train).toMatchObject({ length: 2, channels: 1, labels: Int32Array.of(9, 0) })
    expect(train.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(train.source(1)).toEqual({
      picture: { width: 3, height: 2, channels: 1, data: Uint8Array.of(7, 8, 9, 10, 11, 12) }
    })
    const test = await fashionMnist(folder, { train: false })
    expect([...test.labels].map(label => test.classes[label])).toEqual(['Dress'])
  })

  it.each([
    [
      'no images',
      { [TRAIN_LABELS]: labels },
      `: needs ${TRAIN_IMAGES} (no such file) or ${TRAIN_IMAGES}.gz (no such file)`
    ],
    [
      'no labels',
      { [TRAIN_IMAGES]: images },
      `: needs ${TRAIN_LABELS} (no such file) or ${TRAIN_LABELS}.gz (no such file)`
    ],
    [
      'labels in place of images',
      { [TRAIN_IMAGES]: labels, [TRAIN_LABELS]: labels },
      `/${TRAIN_IMAGES}: has 1 dimension, where 3 are expected`
    ],
    [
      'too few labels',
      { [TRAIN_IMAGES]: images, [TRAIN_LABELS]: idxBytes([1], [0]) },
      `/${TRAIN_LABELS}: has 1 label for 2 images`
    ],
    [
      'a label without a class',
      { [TRAIN_IMAGES]: images, [TRAIN_LABELS]: idxBytes([2], [0, 10]) },
      `/${TRAIN_LABELS}: sample 1 has label 10, but there are 10 classes`
    ],
    [
      'images of no size',
      { [TRAIN_IMAGES]: idxBytes([2, 0, 3], []), [TRAIN_LABELS]: labels },
      `/${TRAIN_IMAGES}: has no pixels`
    ],
    [
      'a damaged file beside a sound one',
      { [TRAIN_IMAGES]: images.slice(1), [`${TRAIN_IMAGES}.gz`]: gzipSync(images), [TRAIN_LABELS]: labels },
      `/${TRAIN_IMAGES}: is not an IDX file, gzipped or not`
    ]
  ])('refuses %s', async (_, files, expected) => {
    const folder = await scratchFolder(files)
    expect(await rejection(() => mnist(folder, { train: true }))).toBe(`${folder}${expected}`)
  })
})
