// Prefetching: while a network is trained on one batch, worker threads decode and augment the next.
import {
  aBoolean,
  aFunction,
  checkedLater,
  checkOptions,
  either,
  instanceOf,
  oneOf,
  positiveInteger,
  required,
  wholeNumber,
  type Checks,
  type MakeFault
} from '../base/options.js'
import { fileName, resolveAddress } from '#platform'
import { mixBatch, type BatchTransform } from '../images/steps/mix.js'
import type { Transform } from '../images/pipeline/pipeline.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { Tensor } from '../tensor/tensor.js'
import { batchWorkers, type BatchWorkers } from './batch-workers.js'
import { DatasetError, SampleError, type Dataset, type SampleSource } from './dataset.js'
import { countBatches, planEpoch, type SampleOrder, type PlannedBatch } from './epoch-plan.js'
import type { MadeBatch } from './make-batch.js'

/** How a data set becomes batches. */
export interface LoaderOptions {
  readonly batchSize: number
  /** From a picture to floats; see `makePipeline`. */
  readonly transforms: readonly Transform[]
  /** Mixes each batch in one of these ways; labels become shares of all classes. Default none. */
  readonly mix?: readonly BatchTransform[]
  /** How many classes those are: as many as the network has outputs. Default the data set's. */
  readonly numClasses?: number
  /** Of order, augmentation and mixing; default 0. Equal seeds give equal epochs, however many workers there are. */
  readonly seed?: number
  /** Default `true`; `'balanced'` draws every class equally often, with replacement. */
  readonly shuffle?: SampleOrder
  /** Leave out a last batch that is smaller; default false. */
  readonly dropLast?: boolean
  /** Threads that decode and augment; 0 for this one. Default 1. */
  readonly workers?: number
  /** Batches that a worker makes ahead; default 2. */
  readonly prefetch?: number
  /** What to do about pictures that cannot be read; default `error`. */
  readonly onCorrupt?: 'error' | 'skip'
  /** Called for each picture that is left out. */
  readonly onSkip?: (what: string, fault: string) => void
}

/** Each worker is a thread with memory of its own. */
const MOST_WORKERS = 256

const OPTIONS: Checks<LoaderOptions> = {
  batchSize: required(positiveInteger),
  transforms: required(checkedLater()),
  mix: checkedLater(),
  numClasses: positiveInteger,
  seed: wholeNumber(0),
  shuffle: either(aBoolean, oneOf('balanced')),
  dropLast: aBoolean,
  workers: wholeNumber(0, MOST_WORKERS),
  prefetch: positiveInteger,
  onCorrupt: oneOf('error', 'skip'),
  onSkip: aFunction()
}

/** A batch as a loader gives it. */
export interface LoadedBatch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor<'float32'>
  /** Class indices; or, where batches are mixed, shares of all classes (N, K). */
  readonly labels: Int32Array | Tensor<'float32'>
  /** Of the pictures that are files; a number for each of the others. */
  readonly paths: readonly string[]
  /** Of the data set's samples. */
  readonly indices: Int32Array
  /** Of the epoch's batches, from 0; those none of whose pictures could be read are left out. */
  readonly place: number
}

/** Where to begin an epoch, and how to stop it. */
export interface EpochOptions {
  /** The first batch to give; default 0. */
  readonly from?: number
  readonly signal?: AbortSignal
}

const EPOCH_OPTIONS: Checks<EpochOptions> = { from: wholeNumber(0), signal: instanceOf(AbortSignal) }

const datasetFault: MakeFault = (owner, fault) => new DatasetError(owner, fault)

/** Batches of a data set, epoch by epoch (torch: `torch.utils.data.DataLoader`). */
export interface Loader extends AsyncIterable<LoadedBatch>, AsyncDisposable {
  readonly dataset: Dataset
  /** Batches an epoch. */
  readonly length: number
  /** Every batch is new, and its memory may be given away. */
  readonly transferable: true
  /** Pictures left out so far because they could not be read. */
  readonly skipped: number
  /**
   * The batches of an epoch, counted from 0.
   * @throws DatasetError naming a picture that cannot be read, unless such are skipped.
   */
  epoch(index: number, options?: EpochOptions): AsyncGenerator<LoadedBatch>
  /** Ends the worker threads. Optional: idle ones never keep the process alive. */
  dispose(): Promise<void>
}

/**
 * Makes a loader.
 *
 * @throws DatasetError for an empty data set and for options out of range.
 * @throws ImageError when the transforms are in the wrong order.
 * @example
 * const loader = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], workers: 0 })
 * for await (const { images, labels } of loader) console.log(images.shape, labels.length)
 */
export function createLoader(dataset: Dataset, options: LoaderOptions): Loader {
  checkOptions('createLoader', options, OPTIONS, datasetFault)
  return new WorkerLoader(dataset, options)
}

class WorkerLoader implements Loader {
  readonly dataset: Dataset
  readonly length: number
  readonly transferable = true
  readonly #options: Required<Omit<LoaderOptions, 'onSkip'>> & Pick<LoaderOptions, 'onSkip'>
  #workers: BatchWorkers | undefined
  #epochs = 0
  skipped = 0

  constructor(dataset: Dataset, options: LoaderOptions) {
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
      ...options
    }
    checkAgainst(dataset, this.#options)
    this.length = countBatches(dataset.length, this.#options)
    this.#workers = this.#startWorkers()
  }

  #startWorkers(): BatchWorkers {
    return batchWorkers(this.#options.transforms, this.#options.workers)
  }

  async *epoch(index: number, options: EpochOptions = {}): AsyncGenerator<LoadedBatch> {
    const { from = 0, signal } = checkOptions('epoch', options, EPOCH_OPTIONS, datasetFault)
    const workers = (this.#workers ??= this.#startWorkers())
    const planned = planEpoch(this.dataset, this.#options, index).slice(from)
    const ahead = workers.count * this.#options.prefetch
    const making: { readonly batch: PlannedBatch; readonly made: Promise<MadeBatch> }[] = []
    let next = 0
    const start = (): void => {
      if (next >= planned.length) return
      const batch = planned[next++]
      const sources = Array.from(batch.indices, sample => located(this.dataset.source(sample)))
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

  /** Labels to the pictures that could be made; nothing if none could. */
  #finish({ indices, mixSeed }: PlannedBatch, made: MadeBatch): Omit<LoadedBatch, 'place'> | undefined {
    const { mix, numClasses, onCorrupt, onSkip } = this.#options
    for (const { place, fault } of made.faults) {
      if (onCorrupt === 'error') throw this.#errorOf(indices[place], fault)
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

  #errorOf(index: number, fault: string): DatasetError {
    const isFile = 'path' in this.dataset.source(index)
    return isFile ? new DatasetError(this.#nameOf(index), fault) : new SampleError(index, fault)
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

/** The same for a worker, which is elsewhere and takes relative addresses for others. */
function located(source: SampleSource): SampleSource {
  return 'path' in source && typeof source.path === 'string' ? { path: resolveAddress(source.path) } : source
}

function checkAgainst(
  dataset: Dataset,
  options: Pick<Required<LoaderOptions>, 'batchSize' | 'numClasses' | 'dropLast'>
): void {
  const { numClasses } = options
  checkOptions(
    'createLoader',
    { numClasses },
    { numClasses: required(wholeNumber(dataset.classes.length)) },
    datasetFault
  )
  if (dataset.length === 0) throw new DatasetError('the loader', 'there are no samples')
  if (options.dropLast && dataset.length < options.batchSize) {
    throw new DatasetError(
      'the loader',
      `${dataset.length} samples are fewer than a batch of ${options.batchSize}, and dropLast leaves smaller batches out`
    )
  }
}
