import { describe, expect, it } from 'vitest'
import {
  assertTrainable,
  concatenateDatasets,
  packedDataset,
  relabel,
  subset,
  type Dataset,
  type SampleSource
} from './dataset.js'
import { rejection } from './testing/rejection.js'
import { createLoader } from './loader.js'
import { toTensor } from '../images/steps/to-tensor.js'

const classes = ['cat', 'dog']
const two = packedDataset({
  width: 2,
  height: 1,
  channels: 1,
  data: Uint8Array.of(1, 2, 3, 4),
  labels: [0, 1],
  classes
})
const picture = (...data: number[]): unknown => ({
  picture: { width: 2, height: 1, channels: 1, data: Uint8Array.from(data) }
})

describe('packedDataset', () => {
  it('gives each picture memory of its own, so that it crosses to a thread alone', () => {
    expect([two.source(0), two.source(1)]).toEqual([picture(1, 2), picture(3, 4)])
    expect(structuredClone(two.source(1))).toEqual(picture(3, 4))
    const source = two.source(1)
    expect('picture' in source && source.picture.data.buffer.byteLength).toBe(2)
  })

  it.each([-1, 2, 0.5, NaN])('has no sample %d', async index => {
    expect(await rejection(() => two.source(index))).toBe(
      `the data set: has 2 samples, and none at index ${index}`
    )
  })

  it('refuses what does not fit', async () => {
    const one = { width: 2, height: 1, channels: 1, labels: [0], classes } as const
    const short = { ...one, data: new Uint8Array(1) }
    expect(await rejection(() => packedDataset(short))).toContain('1 picture of 1 × 2 × 1 cannot be 1 byte')
    const stray = { ...one, data: new Uint8Array(2), labels: [2] }
    expect(await rejection(() => packedDataset(stray))).toContain('sample 0 has label 2')
    const flat = { ...one, data: new Uint8Array(0), height: 0 }
    expect(await rejection(() => packedDataset(flat))).toContain('0 × 2 × 1')
  })
})

describe('subset', () => {
  it('takes samples in the order asked for, and one twice', () => {
    const chosen = subset(two, [1, 0, 1])
    expect(chosen.length).toBe(3)
    expect([...chosen.labels]).toEqual([1, 0, 1])
    expect(chosen.source(2)).toEqual(two.source(1))
    expect(chosen.classes).toBe(classes)
  })

  it('refuses an index that is not there', async () => {
    expect(await rejection(() => subset(two, [0, 2]))).toContain('none at index 2')
    expect(await rejection(() => subset(two, [0]).source(1))).toContain('has 1 sample,')
  })
})

describe('concatenate', () => {
  it('puts one behind the other', () => {
    const empty = subset(two, [])
    const all = concatenateDatasets([empty, two, empty, subset(two, [1]), empty])
    expect([...all.labels]).toEqual([0, 1, 1])
    expect([0, 1, 2].map(index => all.source(index))).toEqual([picture(1, 2), picture(3, 4), picture(3, 4)])
  })

  it('refuses data sets of different kinds, and none', async () => {
    const other = { ...two, classes: ['cat', 'fox'] }
    expect(await rejection(() => concatenateDatasets([two, other]))).toContain('differ')
    expect(await rejection(() => concatenateDatasets([]))).toContain('at least one')
    expect(await rejection(() => concatenateDatasets([two]).source(2))).toContain('none at index 2')
  })
})

describe("a data set of one's own", () => {
  const own = { ...two, length: 3 }
  const uses: readonly (readonly [what: string, use: (dataset: Dataset) => unknown])[] = [
    ['subset', dataset => subset(dataset, [0])],
    ['concatenateDatasets', dataset => concatenateDatasets([two, dataset])],
    ['pets', dataset => relabel(dataset, classes, 'pets')],
    ['pets', dataset => assertTrainable(dataset, 'pets')]
  ]

  it.each(uses)('is refused by %s without a label for each sample', async (owner, use) => {
    expect(await rejection(() => use(own))).toBe(`${owner}: the data set has 3 samples, but 2 labels`)
    const stray = { ...two, labels: Int32Array.of(0, 2) }
    expect(await rejection(() => use(stray))).toBe(`${owner}: sample 1 has label 2, but there are 2 classes`)
    const unlike = { ...two, classes: undefined } as unknown as Dataset
    expect(await rejection(() => use(unlike))).toBe(
      `${owner}: classes: expected an array, each a string, got undefined`
    )
    expect(await rejection(() => use('flowers' as unknown as Dataset))).toBe(
      `${owner}: expected a data set, got 'flowers'`
    )
  })
})

describe('assertTrainable', () => {
  it('takes two classes and refuses one, or no samples', async () => {
    assertTrainable(two)
    const one = { ...subset(two, [0, 0]), classes: ['cat'] }
    expect(await rejection(() => assertTrainable(one, 'pets'))).toBe(
      'pets: has one class only, "cat"; to tell classes apart takes two or more'
    )
    expect(await rejection(() => assertTrainable(subset(two, [])))).toContain('no samples')
  })

  it('looks at the labels that occur, not at the names there are', async () => {
    const onlyDogs = subset(two, [1, 1, 1])
    expect(onlyDogs.classes).toHaveLength(2)
    expect(await rejection(() => assertTrainable(onlyDogs, 'pets'))).toBe(
      'pets: has samples of one class only, "dog", of the 2 it names; to tell classes apart takes two or more'
    )
  })
})

const pictures = packedDataset({
  data: Uint8Array.of(1, 2, 3),
  labels: Int32Array.of(1, 0, 1),
  classes: ['rose', 'tulip'],
  width: 1,
  height: 1,
  channels: 1
})

describe('relabel', () => {
  it("gives labels the numbers of the network's classes", () => {
    const renamed = relabel(pictures, ['daisy', 'tulip', 'rose'])
    expect([...renamed.labels]).toEqual([1, 2, 1])
    expect(renamed.classes).toEqual(['daisy', 'tulip', 'rose'])
    expect(renamed.length).toBe(3)
    expect(renamed.source(2)).toEqual(pictures.source(2))
    expect([...pictures.labels]).toEqual([1, 0, 1])
  })

  it("keeps what a data set of one's own inherits", () => {
    class Own implements Dataset {
      readonly length = pictures.length
      readonly classes = pictures.classes
      readonly labels = pictures.labels
      readonly channels = pictures.channels
      source(index: number): SampleSource {
        return pictures.source(index)
      }
    }
    expect(relabel(new Own(), ['tulip', 'rose']).source(1)).toEqual(pictures.source(1))
  })

  it('names a class that the network does not know', () => {
    expect(() => relabel(pictures, ['daisy', 'tulip'], 'flowers')).toThrow(
      'flowers: has a class "rose" that the network does not know: it knows "daisy", "tulip"'
    )
  })
})

describe('a data set of your own', () => {
  const own = (source: (index: number) => unknown): Dataset =>
    ({ length: 2, classes: ['a'], labels: Int32Array.of(0, 0), channels: 1, source }) as never
  const loading = (source: (index: number) => unknown) => (): unknown =>
    createLoader(own(source), { batchSize: 1, transforms: [toTensor()], workers: 0 })

  it.each([
    ['an async source', async () => ({ path: 'a.png' }), 'a promise: await it'],
    ['fewer pictures than its length', (i: number) => [{ path: 'a.png' }][i], 'undefined'],
    ['paths that are none', () => ({ path: undefined }), 'an object'],
    ['nothing', () => null, 'null']
  ])('is refused with %s', (_, source, found) => {
    expect(loading(source)).toThrow(
      `sample 1: the data set's source should give { path } or { picture } at once, but gave ${found}`
    )
  })
})
