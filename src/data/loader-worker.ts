// A loader's worker thread, and the entry `resnet-ts/loader-worker`: receives the transforms once, then makes batches.
import { answerOwner } from '#platform'
import type { Transform } from '../images/pipeline/transforms.js'
import { answering } from '../platform/worker-calls.js'
import { batchMaker, type BatchRequest, type MadeBatch } from './make-batch.js'

type LoaderRequest = { readonly transforms: readonly Transform[] } | { readonly batch: BatchRequest }

let make: ReturnType<typeof batchMaker> | undefined

async function answer(request: LoaderRequest): Promise<MadeBatch | undefined> {
  if ('batch' in request) return make?.(request.batch)
  make = batchMaker(request.transforms)
  return undefined
}

answerOwner(answering(answer, { transferOf: made => (made ? [made.data.buffer] : []) }))
