// Makes batches in worker threads, each with its own queue, or in this thread.
import { startWorker, Worker } from '#platform'
import { WorkerCalls } from '../platform/worker-calls.js'
import { DatasetError } from './dataset.js'
import type { Transform } from '../images/pipeline/pipeline.js'
import { BatchMaker, type BatchRequest, type MadeBatch } from './make-batch.js'

export interface BatchWorkers {
  /** Batches made at the same time. */
  readonly count: number
  make(request: BatchRequest): Promise<MadeBatch>
  dispose(): void
}

/** @param count number of threads; 0 for this one. */
export function batchWorkers(transforms: readonly Transform[], count: number): BatchWorkers {
  if (count > 0) return new Threads(transforms, count)
  const maker = new BatchMaker(transforms)
  return { count: 1, make: request => maker.make(request), dispose: () => undefined }
}

class Threads implements BatchWorkers {
  readonly count: number
  readonly #transforms: readonly Transform[]
  readonly #threads: (WorkerCalls<MadeBatch | undefined> | undefined)[]
  #next = 0

  constructor(transforms: readonly Transform[], count: number) {
    // Validates here, too, so that mistakes are reported at once.
    new BatchMaker(transforms)
    this.#transforms = transforms
    this.count = count
    this.#threads = Array.from({ length: count }, () => startThread(transforms))
  }

  async make(request: BatchRequest): Promise<MadeBatch> {
    const place = this.#next
    this.#next = (this.#next + 1) % this.count
    const known = this.#threads[place]
    // Replaces a thread that ended, as a single picture may have been the cause.
    const thread = known?.isOpen ? known : startThread(this.#transforms)
    this.#threads[place] = thread
    const made = await thread.ask({ batch: request })
    if (!made)
      throw new DatasetError(
        'the loader',
        'a worker thread was asked for a batch before it knew the transforms'
      )
    return made
  }

  dispose(): void {
    for (const thread of this.#threads) thread?.terminate('was disposed of')
    this.#threads.fill(undefined)
  }
}

function startThread(transforms: readonly Transform[]): WorkerCalls<MadeBatch | undefined> {
  const thread = new WorkerCalls<MadeBatch | undefined>(
    listener =>
      startWorker(new Worker(new URL('./loader-worker.js', import.meta.url), { type: 'module' }), listener),
    { worker: 'a worker thread', error: ({ path, fault }) => new DatasetError(path ?? 'the loader', fault) }
  )
  // A failure to start is reported to the first batch; the catch avoids an unhandled rejection.
  thread.ask({ transforms }).catch(() => undefined)
  return thread
}
