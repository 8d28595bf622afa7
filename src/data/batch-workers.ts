// Makes batches in worker threads, each with its own queue, or in this thread.
import { startLoaderWorker } from '#loader-workers'
import { WorkerCalls } from '../platform/worker-calls.js'
import { DatasetError } from './dataset.js'
import { readTransforms, type Transform } from '../images/pipeline/transforms.js'
import type { BatchRequest, MadeBatch } from './make-batch.js'

type Thread = WorkerCalls<MadeBatch | undefined>

export interface BatchWorkers {
  /** Batches made at the same time. */
  readonly count: number
  make(request: BatchRequest): Promise<MadeBatch>
  dispose(): void
}

/**
 * @param count number of threads; 0 for this one.
 * @param script of the threads; default the one beside this.
 * @throws ImageError when the transforms are in the wrong order.
 */
export function batchWorkers(
  transforms: readonly Transform[],
  count: number,
  script?: string | URL
): BatchWorkers {
  // Here, so that mistakes are reported at once.
  readTransforms(transforms, 'createLoader: transforms')
  if (count === 0) return { count: 1, make: thisThread(transforms), dispose: () => undefined }
  const start = (): Thread => startThread(transforms, script)
  const threads = Array.from({ length: count }, start)
  let next = 0
  return {
    count,
    async make(request) {
      const place = next
      next = (next + 1) % count
      // Replaces a thread that ended, as a single picture may have been the cause.
      if (!threads[place].isOpen) threads[place] = start()
      const made = await threads[place].ask({ batch: request })
      if (made) return made
      throw new DatasetError(
        'the loader',
        'a worker thread was asked for a batch before it knew the transforms'
      )
    },
    dispose() {
      for (const thread of threads) thread.terminate('was disposed of')
    }
  }
}

/** Loads what threads otherwise load. */
function thisThread(transforms: readonly Transform[]): BatchWorkers['make'] {
  const loading = import('./make-batch.js').then(({ batchMaker }) => batchMaker(transforms))
  // Reported to the first batch; the catch avoids an unhandled rejection.
  loading.catch(() => undefined)
  return async request => (await loading)(request)
}

function startThread(transforms: readonly Transform[], script?: string | URL): Thread {
  const thread: Thread = new WorkerCalls(listener => startLoaderWorker(listener, script), {
    worker: 'a worker thread',
    remedy:
      'in a bundle leave resnet-ts external, or make resnet-ts/loader-worker an entry of its own and name it, ' +
      'createLoader(…, { worker }), or read in this thread, { workers: 0 }',
    error: ({ path, fault }) => new DatasetError(path ?? 'the loader', fault)
  })
  // A failure to start is reported to the first batch; the catch avoids an unhandled rejection.
  thread.ask({ transforms }).catch(() => undefined)
  return thread
}
