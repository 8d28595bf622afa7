// Reading a data set for somebody who gave a path: what goes wrong names it, and what is skipped is told once.
import { DatasetError, SampleError } from '../../data/dataset.js'
import type { EpochOptions, LoadedBatch, Loader, LoaderOptions } from '../../data/loader.js'
import { counted } from '../../base/figures.js'
import { say } from '../terminal/moving-line.js'
import type { ReadingOptions } from './data-options.js'

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

/** The pictures that could not be read: each is named once, however many epochs meet it, and counted in the end. */
export class SkippedPictures {
  readonly #files = new Set<string>()

  /** What a loader calls. */
  readonly onSkip = (file: string, fault: string): void => {
    if (this.#files.has(file)) return
    this.#files.add(file)
    say(`skipped ${file}: ${fault}`)
  }

  /** Says how many there were, if there were any. */
  sumUp(): void {
    if (this.#files.size > 0) say(`skipped ${counted(this.#files.size, 'image', 'images')} in all`)
  }
}

/** How a loader reads pictures, as the command line says it. */
export function readingOptions(
  {
    batchSize,
    seed,
    onCorrupt,
    workers
  }: Omit<ReadingOptions, 'format' | 'device'> & { readonly seed?: number | undefined },
  { onSkip }: SkippedPictures
): Pick<LoaderOptions, 'batchSize' | 'onCorrupt' | 'onSkip' | 'seed' | 'workers'> {
  return {
    batchSize,
    onCorrupt,
    onSkip,
    ...(seed === undefined ? {} : { seed }),
    ...(workers === undefined ? {} : { workers })
  }
}
