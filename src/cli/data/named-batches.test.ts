import { describe, expect, it } from 'vitest'
import { DatasetError, SampleError, packedDataset } from '../../data/dataset.js'
import type { LoadedBatch, Loader } from '../../data/loader.js'
import { zeros } from '../../tensor/tensor.js'
import { namedBatches } from './named-batches.js'

const BATCH: LoadedBatch = {
  images: zeros([1, 1, 8, 8]),
  labels: Int32Array.of(0),
  paths: ['sample 0'],
  indices: Int32Array.of(0),
  place: 0
}

/** A loader of two pictures that gives these batches, or fails. */
function loaderOf(batches: readonly LoadedBatch[], failure?: Error): Loader {
  const pictures = { width: 1, height: 1, channels: 1, data: new Uint8Array(2), labels: [0, 0] } as const
  async function* epoch(): AsyncGenerator<LoadedBatch> {
    yield* batches
    if (failure) throw failure
  }
  const dispose = async (): Promise<void> => {}
  return {
    dataset: packedDataset({ ...pictures, classes: ['a'] }),
    length: 2,
    skipped: 0,
    transferable: true,
    epoch,
    dispose,
    [Symbol.asyncIterator]: epoch,
    [Symbol.asyncDispose]: dispose
  }
}

async function countOf(batches: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of batches) count++
  return count
}

describe('batches of data that has a path', () => {
  it('are the same as the loader gives', async () => {
    expect(await countOf(namedBatches(loaderOf([BATCH, BATCH]), 'mnist').epoch(0))).toBe(2)
  })

  it('name it where a picture has a number only, and leave other errors alone', async () => {
    const unnamed = loaderOf([BATCH], new SampleError(1, 'is 8 × 9 pixels'))
    await expect(countOf(namedBatches(unnamed, 'mnist').epoch(0))).rejects.toThrow(
      'mnist: sample 1: is 8 × 9 pixels'
    )
    const named = loaderOf([], new DatasetError('photos/a.png', 'is not an image'))
    await expect(countOf(namedBatches(named, 'photos').epoch(0))).rejects.toThrow(/^photos\/a\.png: is not/)
  })

  it('cannot all be left out; the rest of an epoch, or of one that was stopped, can', async () => {
    const batches = namedBatches(loaderOf([]), 'photos')
    await expect(countOf(batches.epoch(0))).rejects.toThrow('photos: none of 2 images in it could be read')
    expect(await countOf(batches.epoch(0, { from: 1 }))).toBe(0)
    expect(await countOf(batches.epoch(0, { signal: AbortSignal.abort() }))).toBe(0)
  })
})
