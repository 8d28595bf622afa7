// Prefetches batches: workers decode and augment while the network trains.
// Apps whose `lib` ends with a year, such as those of Vite's template, lack what `await using` needs.
/// <reference lib="esnext.disposable" preserve="true" />
import { thereAre } from '../base/figures.js'
import {
  aBoolean,
  aFunction,
  aString,
  anObject,
  checkOptions,
  either,
  instanceOf,
  listOf,
  oneOf,
  positiveInteger,
  required,
  shown,
  wholeNumber,
  type OptionsOf,
  type Settled
} from '../base/options.js'
import { fileName, resolveAddress } from '#platform'
import { mixBatch, type BatchTransform } from '../images/steps/mix.js'
import type { Transform } from '../images/pipeline/transforms.js'
import { deriveSeed, RandomGenerator } from '../tensor/random/generator.js'
import { Tensor } from '../tensor/tensor.js'
import { batchWorkers, type BatchWorkers } from './batch-workers.js'
import {
  assertDataset,
  DatasetError,
  datasetFault,
  SampleError,
  UnreadableError,
  type Dataset,
  type SampleSource
} from './dataset.js'
import { classBalancedOrder, sequentialOrder, shuffledOrder } from './sampler.js'
import type { MadeBatch } from './make-batch.js'

/** Each worker is a thread with memory of its own. */
const MOST_WORKERS = 256

const OPTIONS = {
  batchSize: required(positiveInteger),
  /** From picture to floats; see `makePipeline`. */
  transforms: required(listOf(anObject<Transform>('a step, such as toTensor()'))),
  /** Ways to mix batches; labels become class probabilities. Default none. */
  mix: listOf(anObject<BatchTransform>('a step made by mixup or cutmix')),
  /** Number of classes of mixed labels, the network's outputs; default the data set's. */
  numClasses: positiveInteger,
  /** Seed of order, augmentation and mixing; default 0. Results do not depend on the number of workers. */
  seed: wholeNumber(0),
  /** Default `true`; `'balanced'` draws every class equally often, with replacement. */
  shuffle: either(aBoolean, oneOf('balanced')),
  /** Drop an incomplete last batch; default false. */
  dropLast: aBoolean,
  /** Threads that decode and augment; 0 for the current one. Default 1. */
  workers: wholeNumber(0, MOST_WORKERS),
  /** The script of these threads, `resnet-ts/loader-worker` bundled, where a bundler has moved it; default the one beside the library. */
  worker: either(aString, instanceOf(URL)),
  /** Batches prefetched per worker; default 2. */
  prefetch: positiveInteger,
  /** How to handle unreadable pictures; default `error`. */
  onCorrupt: oneOf('error', 'skip'),
  /** Called for each skipped picture. */
  onSkip: aFunction<(what: string, fault: string) => void>()
}

/** Options of `createLoader`. */
export interface LoaderOptions extends OptionsOf<typeof OPTIONS> {}

/** Unshuffled, shuffled, or class-balanced. */
export type SampleOrder = boolean | 'balanced'

export interface LoadedBatch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor<'float32'>
  /** Class indices; for mixed batches, class probabilities (N, K). */
  readonly labels: Int32Array | Tensor<'float32'>
  /** Paths of pictures that are files, indices of others. */
  readonly paths: readonly string[]
  /** Indices of samples. */
  readonly indices: Int32Array
  /** Index in the epoch, from 0; batches without readable pictures are skipped. */
  readonly place: number
}

const EPOCH_OPTIONS = {
  /** The first batch; default 0. */
  from: wholeNumber(0),
  signal: instanceOf(AbortSignal)
}

/** Options of `epoch`. */
export interface EpochOptions extends OptionsOf<typeof EPOCH_OPTIONS> {}

/** Batches of a data set, epoch by epoch (torch: `torch.utils.data.DataLoader`). */
export interface Loader extends AsyncIterable<LoadedBatch>, AsyncDisposable {
  readonly dataset: Dataset
  /** Batches per epoch. */
  readonly length: number
  /** Batches are new, so their memory may be transferred. */
  readonly transferable: true
  /** Number of unreadable pictures skipped so far. */
  readonly skipped: number
  /** The batches of an epoch, from 0. @throws DatasetError naming an unreadable picture, unless they are skipped. */
  epoch(index: number, options?: EpochOptions): AsyncGenerator<LoadedBatch>
  /** Ends the worker threads. Optional: idle ones never keep the process alive. */
  dispose(): Promise<void>
}

/**
 * Makes a loader.
 * @throws DatasetError for a data set that is empty or lacks labels, and for options out of range.
 * @throws ImageError when the transforms are in the wrong order.
 * @example
 * const loader = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], workers: 0 })
 * for await (const { images, labels } of loader) console.log(images.shape, labels.length)
 */
export function createLoader(dataset: Dataset, options: LoaderOptions): Loader {
  return new WorkerLoader(dataset, options)
}

// Separate seeds per purpose, so that no two draw the same numbers.
const [ORDER, AUGMENTATION, MIXING] = [1, 2, 3]

interface PlannedBatch {
  readonly indices: Int32Array
  readonly seeds: readonly number[]
  readonly mixSeed: number
}

class WorkerLoader implements Loader {
  readonly dataset: Dataset
  readonly length: number
  readonly transferable = true
  readonly #options: Settled<Omit<LoaderOptions, 'onSkip' | 'worker'>> &
    Pick<LoaderOptions, 'onSkip' | 'worker'>
  #workers: BatchWorkers | undefined
  #epochs = 0
  skipped = 0

  constructor(dataset: Dataset, options: LoaderOptions) {
    const given = checkOptions('createLoader', options, OPTIONS, datasetFault)
    assertDataset('createLoader', dataset)
    this.dataset = dataset
    this.#options = {
      mix: [],
      numClasses: dataset.classes.length,
      seed: 0,
      shuffle: true,
      dropLast: false,
      workers: 1,
      prefetch: 2,
      onCorrupt: 'error',
      ...given
    }
    const { numClasses, batchSize, dropLast } = this.#options
    const rules = { numClasses: wholeNumber(dataset.classes.length) }
    checkOptions('createLoader', { numClasses }, rules, datasetFault)
    const { length } = dataset
    if (length === 0) throw new DatasetError('the loader', 'there are no samples')
    this.length = dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize)
    if (this.length === 0) {
      const fault = `${thereAre(length, 'sample', 'samples')}, fewer than a batch of ${batchSize}, and dropLast leaves smaller batches out`
      throw new DatasetError('the loader', fault)
    }
    // A length that promises too much shows at its last sample.
    sourceOf(dataset, length - 1)
    this.#workers = this.#startWorkers()
  }

  #startWorkers(): BatchWorkers {
    const { transforms, workers, worker } = this.#options
    return batchWorkers(transforms, workers, worker)
  }

  async *epoch(index: number, options: EpochOptions = {}): AsyncGenerator<LoadedBatch> {
    const { from = 0, signal } = checkOptions('epoch', options, EPOCH_OPTIONS, datasetFault)
    const workers = (this.#workers ??= this.#startWorkers())
    const planned = this.#plan(index).slice(from)
    const ahead = workers.count * this.#options.prefetch
    const making: { readonly batch: PlannedBatch; readonly made: Promise<MadeBatch> }[] = []
    let next = 0
    const start = (): void => {
      if (next >= planned.length) return
      const batch = planned[next++]
      const sources = Array.from(batch.indices, sample => located(sourceOf(this.dataset, sample)))
      const made = workers.make({ sources, seeds: batch.seeds })
      // Reported when the batch is awaited; the catch avoids an unhandled rejection until then.
      made.catch(() => undefined)
      making.push({ batch, made })
    }
    for (let i = 0; i < ahead; i++) start()
    for (let [first, place] = [making.shift(), from]; first; first = making.shift(), place++) {
      if (signal?.aborted) return
      const made = await first.made
      start()
      const batch = this.#finish(first.batch, made)
      if (batch) yield { ...batch, place }
    }
  }

  /**
   * An epoch's samples, and the seeds of their augmentation and mixing. Both depend only on a sample's position in the run, so that
   * any batch can be reproduced on its own, and one drawn twice is augmented differently.
   */
  #plan(epoch: number): PlannedBatch[] {
    const { batchSize, seed } = this.#options
    const order = this.#order(epoch)
    return Array.from({ length: this.length }, (_, batch) => {
      const start = batch * batchSize
      const indices = order.slice(start, start + batchSize)
      const seeds = Array.from(indices, (_index, i) => deriveSeed(seed, AUGMENTATION, epoch, start + i))
      return { indices, seeds, mixSeed: deriveSeed(seed, MIXING, epoch, batch) }
    })
  }

  #order(epoch: number): Int32Array {
    const { shuffle, seed } = this.#options
    const { length, labels, classes } = this.dataset
    if (shuffle === false) return sequentialOrder(length)
    const generator = new RandomGenerator(deriveSeed(seed, ORDER, epoch))
    if (shuffle === true) return shuffledOrder(length, generator)
    return classBalancedOrder(labels, classes.length, generator)
  }

  /** Adds labels to the made pictures; undefined if there are none. */
  #finish({ indices, mixSeed }: PlannedBatch, made: MadeBatch): Omit<LoadedBatch, 'place'> | undefined {
    const { mix, numClasses, onCorrupt, onSkip } = this.#options
    for (const { place, fault } of made.faults) {
      if (onCorrupt === 'error') throw this.#errorOf(indices[place], fault, UnreadableError)
      this.skipped++
      onSkip?.(this.#nameOf(indices[place]), fault)
    }
    if (made.unequal) throw this.#errorOf(indices[made.unequal.place], made.unequal.fault)
    if (made.places.length === 0) return undefined
    const kept = Int32Array.from(made.places, place => indices[place])
    const images = new Tensor(made.data, made.shape, 'float32')
    const labels = Int32Array.from(kept, index => this.dataset.labels[index])
    const about = { paths: Array.from(kept, index => this.#nameOf(index)), indices: kept }
    if (mix.length === 0) return { images, labels, ...about }
    const mixed = mixBatch({ images, labels }, numClasses, mix, new RandomGenerator(mixSeed))
    return { images: mixed.images, labels: mixed.targets, ...about }
  }

  #errorOf(index: number, fault: string, OfFile = DatasetError): DatasetError {
    return 'path' in this.dataset.source(index)
      ? new OfFile(this.#nameOf(index), fault)
      : new SampleError(index, fault)
  }

  #nameOf(index: number): string {
    const source = this.dataset.source(index)
    return 'path' in source ? fileName(source.path) : `sample ${index}`
  }

  [Symbol.asyncIterator](): AsyncGenerator<LoadedBatch> {
    return this.epoch(this.#epochs++)
  }

  async dispose(): Promise<void> {
    this.#workers?.dispose()
    this.#workers = undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }
}

/** Where a sample's pixels are. @throws SampleError for what is no place, such as the promise of one. */
function sourceOf(dataset: Dataset, index: number): SampleSource {
  const found: unknown = dataset.source(index)
  const { path, picture } = Object(found) as { readonly path?: unknown; readonly picture?: unknown }
  if ((path ?? picture ?? undefined) !== undefined) return found as SampleSource
  const fault = `the data set's source should give { path } or { picture } at once, but gave ${shown(found)}`
  throw new SampleError(index, fault)
}

/** Resolves relative URLs, which mean something else in a worker. */
function located(source: SampleSource): SampleSource {
  return 'path' in source && typeof source.path === 'string' ? { path: resolveAddress(source.path) } : source
}
