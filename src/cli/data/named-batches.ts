// Reads a data set given by path: errors name the path, and skipped images are reported once.
import { join, relative, sep } from 'node:path'
import { DatasetError, SampleError, UnreadableError } from '../../data/dataset.js'
import type { Loader, LoaderOptions } from '../../data/loader.js'
import { counted } from '../../base/figures.js'
import { pick } from '../../networks/build-network.js'
import { say } from '../terminal/output.js'
import type { ReadingOptions } from './data-options.js'

export type NamedBatches = Pick<Loader, 'length' | 'transferable' | 'epoch'>

/** A loader's batches, with errors that name the path as typed; DatasetError if every picture is skipped. */
export function namedBatches(loader: Loader, path: string): NamedBatches {
  return {
    length: loader.length,
    transferable: loader.transferable,
    async *epoch(index, options = {}) {
      let isEmpty = true
      try {
        for await (const batch of loader.epoch(index, options)) {
          isEmpty = false
          yield batch
        }
      } catch (error) {
        if (error instanceof UnreadableError) {
          const fault = `${error.fault}; --on-corrupt skip leaves out what cannot be read`
          throw new UnreadableError(error.path, fault, { cause: error })
        }
        // Pictures that are not files have a number only.
        throw error instanceof SampleError ? new DatasetError(path, error.message, { cause: error }) : error
      }
      const isWhole = !options.from && !options.signal?.aborted
      if (!isEmpty || !isWhole) return
      const { length } = loader.dataset
      throw new DatasetError(path, `none of ${counted(length, 'image', 'images')} in it could be read`)
    }
  }
}

/** The unreadable pictures that a run has met, by their paths in its data: once removed, they keep their places. */
export class UnreadablePictures {
  readonly #names: Set<string>

  constructor(
    private readonly data: string,
    names: readonly string[] = []
  ) {
    this.#names = new Set(names)
  }

  add(file: string): void {
    this.#names.add(relative(this.data, file).replaceAll(sep, '/'))
  }

  get names(): readonly string[] {
    return [...this.#names]
  }

  get paths(): readonly string[] {
    return this.names.map(name => join(this.data, name))
  }
}

/** Reports unreadable pictures: each once in all epochs, and their number at the end. */
export class SkippedPictures {
  readonly #files = new Set<string>()

  /** @param record also receives them. */
  constructor(private readonly record?: UnreadablePictures) {}

  readonly onSkip = (file: string, fault: string): void => {
    if (this.#files.has(file)) return
    this.#files.add(file)
    this.record?.add(file)
    say(`skipped ${file}: ${fault}`)
  }

  sumUp(): void {
    if (this.#files.size > 0) say(`skipped ${counted(this.#files.size, 'image', 'images')} in all`)
  }
}

/** The loader's options from the command line. */
export function readingOptions(
  options: ReadingOptions & { readonly seed?: number | undefined },
  { onSkip }: SkippedPictures
): Omit<LoaderOptions, 'transforms'> {
  return { ...pick(options, 'onCorrupt', 'seed', 'workers'), batchSize: options.batchSize, onSkip }
}
