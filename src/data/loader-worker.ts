// A worker thread of the loader: is told once how pictures are prepared, then makes batches.
import { answerOwner } from '#platform'
import type { WorkerResponse } from '../platform/worker-calls.js'
import type { Transform } from '../images/pipeline/pipeline.js'
import { BatchMaker, type BatchRequest, type MadeBatch } from './make-batch.js'

/** What the loader asks. */
export type LoaderRequest = { readonly id: number } & (
  { readonly transforms: readonly Transform[] } | { readonly batch: BatchRequest }
)

/** What the worker answers. */
export type LoaderResponse = WorkerResponse<MadeBatch | undefined>

let maker: BatchMaker | undefined

answerOwner(async message => {
  const request = message as LoaderRequest
  const { id } = request
  try {
    if ('transforms' in request) {
      maker = new BatchMaker(request.transforms)
      return { message: { id, result: undefined } satisfies LoaderResponse, transfer: [] }
    }
    const made = await maker?.make(request.batch)
    return {
      message: { id, result: made } satisfies LoaderResponse,
      transfer: made ? [made.data.buffer] : []
    }
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    return { message: { id, fault } satisfies LoaderResponse, transfer: [] }
  }
})
