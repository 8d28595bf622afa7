import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCifarBatch, cifar10, cifar100 } from './cifar.js'
import type { Dataset } from './dataset.js'
import { anyDamage } from './testing/damage.js'
import { rejection } from './testing/rejection.js'
import { scratchFolder } from './testing/scratch-folder.js'

const PLANE = 32 * 32
const names = (count: number): string =>
  Array.from({ length: count }, (_, label) => `class ${label}\n`).join('')

/** A record whose planes begin with `first`, `first` + 1 and `first` + 2. */
function record(labels: readonly number[], first: number): number[] {
  const planes = Array.from({ length: 3 * PLANE }, (_, i) =>
    i % PLANE === 0 ? first + i / PLANE : (i * 7) % 256
  )
  return [...labels, ...planes]
}
const batch = (...records: number[][]): Uint8Array => Uint8Array.from(records.flat())

function pixels(dataset: Dataset, index: number): number[] {
  const source = dataset.source(index)
  return 'picture' in source ? [...source.picture.data] : []
}

describe('cifar10', () => {
  it('reads the five batches in order, and the test batch', async () => {
    const batches = [1, 2, 3, 4, 5].map(b => [
      `data_batch_${b}.bin`,
      batch(record([b], 10 * b), record([0], 100))
    ])
    const folder = await scratchFolder({
      ...(Object.fromEntries(batches) as Record<string, Uint8Array>),
      'test_batch.bin': batch(record([9], 200)),
      // As it comes: with an empty line at its end.
      'batches.meta.txt': `${names(10)}\n`
    })
    const train = await cifar10(folder, { train: true })
    expect(train).toMatchObject({ length: 10, channels: 3 })
    expect([...train.labels]).toEqual([1, 0, 2, 0, 3, 0, 4, 0, 5, 0])
    expect(train.classes[9]).toBe('class 9')
    expect(pixels(train, 4).slice(0, 6)).toEqual([
      30,
      31,
      32,
      7,
      (7 * (PLANE + 1)) % 256,
      (7 * (2 * PLANE + 1)) % 256
    ])
    expect(pixels(train, 4)).toHaveLength(3 * PLANE)
    const test = await cifar10(folder, { train: false })
    expect([...test.labels]).toEqual([9])
    expect(pixels(test, 0).slice(0, 3)).toEqual([200, 201, 202])
  })

  it.each([
    ['no names', { 'batches.meta.txt': undefined }, '/batches.meta.txt: no such file'],
    [
      'nine names',
      { 'batches.meta.txt': names(9) },
      '/batches.meta.txt: has 9 names of classes, one a line, where 10 are expected'
    ],
    ['a name twice', { 'batches.meta.txt': `${names(9)}class 0` }, '/batches.meta.txt: names a class twice'],
    ['no batch', { 'test_batch.bin': undefined }, '/test_batch.bin: no such file'],
    [
      'an empty batch',
      { 'test_batch.bin': '' },
      '/test_batch.bin: has 0 bytes, expected one or more records of 3073'
    ],
    [
      'half a record',
      { 'test_batch.bin': batch(record([1], 0)).slice(1) },
      '/test_batch.bin: has 3072 bytes, expected one or more records of 3073'
    ],
    [
      'a label without a class',
      { 'test_batch.bin': batch(record([0], 0), record([10], 0)) },
      '/test_batch.bin: record 1 has label 10, expected 0 to 9'
    ]
  ])('refuses %s', async (_, change, expected) => {
    const sound = { 'batches.meta.txt': names(10), 'test_batch.bin': batch(record([1], 0)) }
    const files = Object.entries({ ...sound, ...change }).flatMap(([name, content]) =>
      content === undefined ? [] : [[name, content] as const]
    )
    const folder = await scratchFolder(Object.fromEntries(files))
    expect(await rejection(() => cifar10(folder, { train: false }))).toBe(`${folder}${expected}`)
  })
})

describe('cifar100', () => {
  it('reads fine labels', async () => {
    const folder = await scratchFolder({
      'train.bin': batch(record([19, 99], 1), record([0, 20], 4)),
      'test.bin': batch(record([20, 0], 1)),
      'fine_label_names.txt': names(100)
    })
    const train = await cifar100(folder, { train: true })
    expect([...train.labels]).toEqual([99, 20])
    expect(pixels(train, 1).slice(0, 3)).toEqual([4, 5, 6])
    expect(await rejection(() => cifar100(folder, { train: false }))).toBe(
      `${folder}/test.bin: record 0 has label 20, expected 0 to 19`
    )
  })
})

describe('parseCifarBatch', () => {
  it('reads or refuses damaged bytes', () => {
    const bytes = batch(record([1], 0), record([9], 7))
    const classes = names(10).trim().split('\n')
    const seen = { read: 0, refused: 0 }
    fc.assert(
      fc.property(anyDamage, damage => {
        try {
          const dataset = parseCifarBatch(damage(bytes), 'batch.bin', { labelCounts: [10], classes })
          expect(dataset.labels.every(label => label >= 0 && label < 10)).toBe(true)
          expect(pixels(dataset, dataset.length - 1)).toHaveLength(3 * PLANE)
          seen.read++
        } catch (error) {
          expect(error).toMatchObject({ name: 'DatasetError', path: 'batch.bin' })
          seen.refused++
        }
      }),
      { numRuns: 500 }
    )
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(20)
  })
})
