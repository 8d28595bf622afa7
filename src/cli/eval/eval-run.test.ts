import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { IMAGENET_CLASSES } from '../../models/imagenet-classes.js'
import { openNetwork } from '../../networks/open-network.js'
import { classesFor, openPart } from './eval-run.js'

describe('what the outputs of a network are called in data', () => {
  it('is what its checkpoint says, in whatever order the data has its classes', async () => {
    const opened = { ...(await openNetwork('cifar_resnet8')), classes: ['b', 'a'] }
    expect(classesFor(opened, { classes: ['a', 'b'] })).toEqual(['b', 'a'])
  })

  it("is the data's own names where the network has none, but as many outputs", async () => {
    const opened = await openNetwork('cifar_resnet8', { numClasses: 2 })
    expect(classesFor(opened, { classes: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(() => classesFor(opened, { classes: ['a', 'b', 'c'] })).toThrow(
      'cifar_resnet8 tells 2 classes apart and does not name them; the data has 3'
    )
  })

  it('is both names of two classes that one output tells apart', async () => {
    const opened = await openNetwork('cifar_resnet8', { numClasses: 1 })
    expect(classesFor(opened, { classes: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(() => classesFor(opened, { classes: ['a', 'b', 'c'] })).toThrow('tells 1 class apart')
  })

  it("is ImageNet's where the data has some of them, by name or in order", async () => {
    const opened = await openNetwork('resnet18')
    expect(classesFor(opened, { classes: ['Samoyed', 'tabby'] })).toBe(IMAGENET_CLASSES)
    const numbered = IMAGENET_CLASSES.map((_, i) => `n${i}`)
    expect(classesFor(opened, { classes: numbered })).toBe(numbered)
  })
})

describe('the images that a trained network is measured on', () => {
  const options = { format: 'auto' } as const
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-eval-'))
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name))
      for (let i = 0; i < 5; i++) await copyFile('assets/digit.png', join(folder, name, `${i}.png`))
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  const trainedOn = async (images: number | undefined, classes: readonly string[]) => ({
    ...(await openNetwork('cifar_resnet8', { numClasses: 2 })),
    classes,
    data: { path: folder, ...(images !== undefined && { images }), holdBack: 0.2, seed: 0 }
  })

  it('are those held back, of the data as it was', async () => {
    for (const [images, classes] of [
      [10, ['a', 'b']],
      [10, ['a', 'b', 'class 2']],
      [undefined, ['a', 'b']]
    ] as const) {
      const { dataset, part } = await openPart(folder, await trainedOn(images, classes), options)
      expect([part, dataset.length]).toEqual(['validation', 2])
    }
  })

  it('are those for training where nothing was held back', async () => {
    const network = await trainedOn(10, ['a', 'b'])
    const opened = { ...network, data: { ...network.data, holdBack: 0 } }
    const { dataset, part } = await openPart(folder, opened, options)
    expect([part, dataset.length]).toEqual(['train', 10])
  })

  it.each<[number, readonly string[], string]>([
    [8, ['a', 'b'], 'it had 8 images, and now has 10'],
    [10, ['a', 'c'], 'its classes are others'],
    [10, ['a'], 'its classes are others']
  ])('are all of a folder that has changed, as a line says: %d of %j', async (images, classes, change) => {
    const network = await trainedOn(images, classes)
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const { dataset, part } = await openPart(folder, network, options)
    expect([part, dataset.length]).toEqual(['all', 10])
    const why = `${folder} is not as cifar_resnet8 was trained on it: ${change}; so which images it was trained on is not known`
    expect(written.mock.calls.join('')).toContain(`${why}, and all are measured`)
    await expect(openPart(folder, network, { ...options, part: 'train' })).rejects.toThrow(
      `--part train: ${why}: measure --part all, or new images`
    )
    written.mockRestore()
  })
})
