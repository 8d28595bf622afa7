// The loader: batches of digits and of files, the same with any number of threads.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  cifar_resnet8,
  createLoader,
  createTrainer,
  digits,
  imageFolder,
  randomCrop,
  randomHorizontalFlip,
  sgd,
  Tensor,
  toTensor,
  type Dataset
} from 'resnet-ts'
import { subset, type LoaderOptions } from 'resnet-ts/data'
import {
  colorJitter,
  cutmix,
  grayscale,
  mixup,
  randomErasing,
  randomResizedCrop,
  randomVerticalFlip,
  resize,
  type Transform
} from 'resnet-ts/images'
import { FOLDER } from './support/image-goldens.js'
import { bits, epochBits, listed, withLoader } from './support/loading.js'

const FILES = {
  jpegs: ['rgb-420.jpg', 'rgb-444.jpg', 'progressive.jpg', 'odd-17x9.jpg', 'orientation-6.jpg'],
  pngs: ['rgb.png', 'palette.png', 'grey.png', 'rgba.png', 'interlaced.png', 'rgb-16-bit.png']
}

let root = ''
let files: Dataset
let hundred: Dataset

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'resnet-loader-'))
  for (const [label, names] of Object.entries(FILES)) {
    await mkdir(join(root, 'good', label), { recursive: true })
    for (const name of names) await copyFile(join(FOLDER, name), join(root, 'good', label, name))
  }
  files = await imageFolder(join(root, 'good'))
  hundred = subset(
    await digits(),
    Array.from({ length: 100 }, (_, i) => 3 * i)
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

const PLAIN = [toTensor()]
const OF_DIGITS: readonly Transform[] = [
  randomCrop(8, { padding: 2 }),
  randomHorizontalFlip(),
  randomVerticalFlip(),
  colorJitter({ brightness: 0.4, contrast: 0.4 }),
  toTensor({ mean: [0.3], std: [0.4] }),
  randomErasing({ p: 0.5 })
]
const OF_FILES: readonly Transform[] = [
  randomResizedCrop(16),
  randomHorizontalFlip(),
  colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }),
  toTensor()
]

describe('batches', () => {
  const cases: [string, () => Dataset, Partial<LoaderOptions>][] = [
    ['digits', () => hundred, { transforms: OF_DIGITS, batchSize: 16 }],
    ['mixed digits', () => hundred, { transforms: OF_DIGITS, batchSize: 30, mix: [mixup(), cutmix()] }],
    ['files', () => files, { transforms: OF_FILES, batchSize: 3 }],
    [
      'grey files, drawn by class',
      () => files,
      { transforms: [grayscale(), ...OF_FILES], batchSize: 3, shuffle: 'balanced' }
    ]
  ]

  it.each(cases)(
    'of %s are the same from any number of threads, every time, and new in every epoch',
    async (_, dataset, options) => {
      const epochsWith = (workers: number, prefetch: number, seed = 5): Promise<unknown[][]> =>
        withLoader(
          dataset(),
          { batchSize: 8, transforms: PLAIN, ...options, seed, workers, prefetch },
          async loader => {
            const [second, first, again] = [
              await epochBits(loader, 1),
              await epochBits(loader, 0),
              await epochBits(loader, 1)
            ]
            expect(again).toEqual(second)
            expect(first).not.toEqual(second)
            expect(first).toHaveLength(loader.length)
            expect(await epochBits(loader, 1, 2)).toEqual(second.slice(2))
            return [first, second]
          }
        )
      const expected = await epochsWith(0, 2)
      expect(await epochsWith(1, 1)).toEqual(expected)
      expect(await epochsWith(3, 2)).toEqual(expected)
      expect(await epochsWith(0, 2, 6)).not.toEqual(expected)
    }
  )

  it('hold every sample once, with its label, file and pixels', async () => {
    const [batches, ordered] = await withLoader(
      files,
      { batchSize: 4, transforms: [resize([8, 8]), toTensor()], workers: 2 },
      async loader => [
        await listed(loader),
        await withLoader(
          files,
          { batchSize: 11, transforms: [resize([8, 8]), toTensor()], workers: 0, shuffle: false },
          async inOrder => (await listed(inOrder))[0]
        )
      ]
    )
    expect(batches.map(({ images }) => images.shape)).toEqual([
      [4, 3, 8, 8],
      [4, 3, 8, 8],
      [3, 3, 8, 8]
    ])
    const seen = batches.flatMap(({ indices }) => Array.from(indices))
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => i))
    expect(seen).not.toEqual(seen.toSorted((a, b) => a - b))
    expect(Array.from(ordered.indices)).toEqual(Array.from({ length: 11 }, (_, i) => i))
    const size = 3 * 8 * 8
    for (const { images, labels, paths, indices } of batches) {
      for (const [i, index] of indices.entries()) {
        const source = files.source(index)
        expect(paths[i]).toBe('path' in source ? source.path : undefined)
        expect(labels instanceof Int32Array && labels[i]).toBe(files.labels[index])
        expect(images.data.slice(i * size, (i + 1) * size)).toEqual(
          ordered.images.data.slice(index * size, (index + 1) * size)
        )
      }
    }
  })

  it('are in order without shuffling, the last one smaller or dropped', async () => {
    const sizes = async (dropLast: boolean): Promise<[number, number[][]]> =>
      withLoader(
        subset(hundred, [5, 4, 3, 2, 1]),
        { batchSize: 2, transforms: PLAIN, workers: 0, shuffle: false, dropLast },
        async loader => [loader.length, (await listed(loader)).map(({ indices }) => Array.from(indices))]
      )
    expect(await sizes(false)).toEqual([3, [[0, 1], [2, 3], [4]]])
    expect(await sizes(true)).toEqual([
      2,
      [
        [0, 1],
        [2, 3]
      ]
    ])
  })

  it('are class-balanced on request', async () => {
    const all = await digits()
    const ofClass = (label: number): number[] =>
      Array.from(all.labels.keys()).filter(i => all.labels[i] === label)
    const uneven = subset(all, [...ofClass(0), ...ofClass(1).slice(0, 10), ...ofClass(2).slice(0, 3)])
    const counts = await withLoader(
      uneven,
      { batchSize: 50, transforms: PLAIN, workers: 0, shuffle: 'balanced' },
      async loader => {
        const counts = [0, 0, 0]
        for (let epoch = 0; epoch < 5; epoch++) {
          for await (const { labels } of loader.epoch(epoch)) {
            if (labels instanceof Int32Array) for (const label of labels) counts[label]++
          }
        }
        return counts
      }
    )
    const draws = 5 * uneven.length
    expect(counts[0] + counts[1] + counts[2]).toBe(draws)
    // Five standard deviations of a count with probability 1/3.
    for (const count of counts)
      expect(Math.abs(count - draws / 3)).toBeLessThan(5 * Math.sqrt((draws * 2) / 9))
  })

  it('are augmented differently in every epoch, and for a repeated sample', async () => {
    const twice = subset(hundred, [7, 7])
    const pictures = (transforms: readonly Transform[]): Promise<string[][]> =>
      withLoader(twice, { batchSize: 1, transforms, workers: 0, shuffle: false }, async loader =>
        Promise.all(
          [0, 1].map(async index =>
            (await listed(loader.epoch(index))).map(({ images }) => images.data.join())
          )
        )
      )
    expect(new Set((await pictures(OF_DIGITS)).flat()).size).toBe(4)
    expect(new Set((await pictures(PLAIN)).flat()).size).toBe(1)
  })

  it('are of the next epoch in every loop over the loader', async () => {
    await withLoader(hundred, { batchSize: 50, transforms: PLAIN, workers: 1 }, async loader => {
      const [first, second] = [await listed(loader), await listed(loader)]
      expect(first.map(bits)).toEqual(await epochBits(loader, 0))
      expect(second.map(bits)).toEqual(await epochBits(loader, 1))
    })
  })

  it('of two concurrent epochs are not mixed up', async () => {
    await withLoader(hundred, { batchSize: 20, transforms: OF_DIGITS, workers: 2 }, async loader => {
      const both = await Promise.all([epochBits(loader, 0), epochBits(loader, 1)])
      expect(both).toEqual([await epochBits(loader, 0), await epochBits(loader, 1)])
    })
  })

  it.each([mixup({ alpha: 0.4 }), cutmix()])('have class probabilities as labels with $name', async mix => {
    const batches = await withLoader(
      hundred,
      { batchSize: 16, transforms: PLAIN, workers: 0, mix: [mix] },
      loader => listed(loader)
    )
    let soft = 0
    for (const { labels, indices } of batches) {
      if (!(labels instanceof Tensor)) throw new TypeError('labels are no tensor')
      expect(labels.shape).toEqual([indices.length, 10])
      for (const i of indices.keys()) {
        const row = Array.from(labels.data.slice(i * 10, (i + 1) * 10), Number)
        expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
        expect(row[hundred.labels[indices[i]]]).toBeGreaterThan(0)
        if (Math.max(...row) < 1) soft++
      }
    }
    expect(soft).toBeGreaterThan(30)
  })

  it('have probabilities of more classes than the data if the network has more outputs', async () => {
    const options = { batchSize: 16, transforms: PLAIN, workers: 0, mix: [mixup()] }
    const batches = await withLoader(hundred, { ...options, numClasses: 12 }, loader => listed(loader))
    for (const { labels, indices } of batches) {
      if (!(labels instanceof Tensor)) throw new TypeError('labels are no tensor')
      expect(labels.shape).toEqual([indices.length, 12])
      for (const i of indices.keys()) expect([...labels.data.slice(12 * i + 10, 12 * i + 12)]).toEqual([0, 0])
    }
    const trainer = await createTrainer(cifar_resnet8({ numClasses: 12, inChannels: 1 }), {
      optimizer: sgd({ lr: 0.1 })
    })
    expect((await trainer.step(batches[0])).updated).toBe(true)
    await trainer.dispose()
    expect(() => createLoader(hundred, { ...options, numClasses: 9 })).toThrow(
      'createLoader: numClasses: expected a whole number of at least 10, got 9'
    )
  })

  it('have one channel after conversion to grey', async () => {
    const shapes = await withLoader(
      files,
      { batchSize: 11, transforms: [grayscale(), ...OF_FILES] },
      async loader => (await listed(loader)).map(({ images }) => images.shape)
    )
    expect(shapes).toEqual([[11, 1, 16, 16]])
  })
})
