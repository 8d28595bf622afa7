// Who makes batches: worker threads, each with its own queue, or this thread where none are wanted.
import { startWorker, type WorkerHandle } from '#platform'
import { DatasetError } from './dataset.js'
import type { LoaderRequest, LoaderResponse } from './loader-worker.js'
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
  readonly #threads: (Thread | undefined)[]
  #next = 0

  constructor(recipe: BatchRecipe, count: number) {
    // Said here and not by a thread: the mistake is the caller's.
    new BatchMaker(recipe)
    this.#recipe = recipe
    this.count = count
    this.#threads = Array.from({ length: count }, () => new Thread(recipe))
  }

  async make(request: BatchRequest): Promise<MadeBatch> {
    const place = this.#next
    this.#next = (this.#next + 1) % this.count
    const known = this.#threads[place]
    // One that broke down is replaced: the fault may have been a single picture's.
    const thread = known?.isAlive ? known : new Thread(this.#recipe)
    this.#threads[place] = thread
    const made = await thread.ask({ batch: request })
    if (!made) throw new DatasetError('the loader', 'a worker thread did not know what to make')
    return made
  }

  dispose(): void {
    for (const thread of this.#threads) thread?.end()
    this.#threads.fill(undefined)
  }
}

interface Waiting {
  resolve(made: MadeBatch | undefined): void
  reject(error: DatasetError): void
}

type Question = { readonly recipe: BatchRecipe } | { readonly batch: BatchRequest }

/** One worker thread. */
class Thread {
  readonly #worker: WorkerHandle
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  isAlive = true

  constructor(recipe: BatchRecipe) {
    this.#worker = startWorker(new URL('./loader-worker.js', import.meta.url), {
      message: message => this.#answer(message as LoaderResponse),
      failure: fault => this.#fail(`a worker thread broke down: ${fault}`)
    })
    this.#worker.keepAlive(false)
    // A failure to start is heard by whoever asks for the first batch.
    this.ask({ recipe }).catch(() => undefined)
  }

  ask(question: Question): Promise<MadeBatch | undefined> {
    const id = this.#asked++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.keepAlive(true)
      this.#worker.post({ id, ...question } satisfies LoaderRequest, [])
    })
  }

  end(): void {
    this.#worker.terminate()
    this.#fail('was disposed of')
  }

  #answer(response: LoaderResponse): void {
    const waiting = this.#waiting.get(response.id)
    this.#waiting.delete(response.id)
    if (this.#waiting.size === 0) this.#worker.keepAlive(false)
    if ('fault' in response) waiting?.reject(new DatasetError('the loader', response.fault))
    else waiting?.resolve(response.made)
  }

  #fail(fault: string): void {
    this.isAlive = false
    for (const { reject } of this.#waiting.values()) reject(new DatasetError('the loader', fault))
    this.#waiting.clear()
  }
}
