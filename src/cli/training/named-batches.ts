// A loader's batches for somebody who gave a path: what goes wrong with them names it.
import { DatasetError, SampleError } from '../../data/dataset.js'
import type { EpochOptions, LoadedBatch, Loader } from '../../data/loader.js'
import { counted } from '../../base/figures.js'

/** Batches by epoch, as `fit` takes them. */
export interface NamedBatches extends Pick<Loader, 'length' | 'transferable'> {
  epoch(index: number, options?: EpochOptions): AsyncGenerator<LoadedBatch>
}

/**
 * The batches of a loader.
 * @param path the data's, as it was typed.
 * @returns batches whose epochs throw DatasetError where all pictures are skipped: nothing can be learned from none.
 */
export function namedBatches(loader: Loader, path: string): NamedBatches {
  return {
    length: loader.length,
    transferable: loader.transferable,
    async *epoch(index, options = {}) {
      let isEmpty = true
      for await (const batch of withPath(loader.epoch(index, options), path)) {
        isEmpty = false
        yield batch
      }
      const isWhole = !options.from && !options.signal?.aborted
      if (!isEmpty || !isWhole) return
      const { length } = loader.dataset
      throw new DatasetError(path, `none of ${counted(length, 'image', 'images')} in it could be read`)
    }
  }
}

/** Pictures that are no files have numbers only: it takes the path to say whose. */
async function* withPath(batches: AsyncGenerator<LoadedBatch>, path: string): AsyncGenerator<LoadedBatch> {
  try {
    yield* batches
  } catch (error) {
    if (!(error instanceof SampleError)) throw error
    throw new DatasetError(path, error.message, { cause: error })
  }
}
