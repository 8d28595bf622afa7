// Who makes batches: worker threads, each with its own queue, or this thread where none are wanted.
import { startWorker, Worker } from '#platform'
import { WorkerCalls } from '../platform/worker-calls.js'
import { DatasetError } from './dataset.js'
import { BatchMaker, type BatchRecipe, type BatchRequest, type MadeBatch } from './make-batch.js'

/** Makes batches, whoever does. */
export interface BatchWorkers {
  /** How many batches can be in the making at once. */
  readonly count: number
  make(request: BatchRequest): Promise<MadeBatch>
  dispose(): void
}

/** @param count how many threads; 0 for this one. */
export function batchWorkers(recipe: BatchRecipe, count: number): BatchWorkers {
  if (count > 0) return new Threads(recipe, count)
  const maker = new BatchMaker(recipe)
  return { count: 1, make: request => maker.make(request), dispose: () => undefined }
}

class Threads implements BatchWorkers {
  readonly count: number
  readonly #recipe: BatchRecipe
  readonly #threads: (WorkerCalls<MadeBatch | undefined> | undefined)[]
  #next = 0

  constructor(recipe: BatchRecipe, count: number) {
    // Said here and not by a thread: the mistake is the caller's.
    new BatchMaker(recipe)
    this.#recipe = recipe
    this.count = count
    this.#threads = Array.from({ length: count }, () => startThread(recipe))
  }

  async make(request: BatchRequest): Promise<MadeBatch> {
    const place = this.#next
    this.#next = (this.#next + 1) % this.count
    const known = this.#threads[place]
    // One that broke down is replaced: the fault may have been a single picture's.
    const thread = known?.isOpen ? known : startThread(this.#recipe)
    this.#threads[place] = thread
    const made = await thread.ask({ batch: request })
    if (!made) throw new DatasetError('the loader', 'a worker thread did not know what to make')
    return made
  }

  dispose(): void {
    for (const thread of this.#threads) thread?.terminate('was disposed of')
    this.#threads.fill(undefined)
  }
}

/** Starts a thread that knows the recipe. */
function startThread(recipe: BatchRecipe): WorkerCalls<MadeBatch | undefined> {
  const thread = new WorkerCalls<MadeBatch | undefined>(
    listener =>
      startWorker(new Worker(new URL('./loader-worker.js', import.meta.url), { type: 'module' }), listener),
    { worker: 'a worker thread', error: ({ path, fault }) => new DatasetError(path ?? 'the loader', fault) }
  )
  // A failure to start is heard by whoever asks for the first batch.
  thread.ask({ recipe }).catch(() => undefined)
  return thread
}
