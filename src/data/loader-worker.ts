// A worker thread of the loader: is given a recipe once, then makes batches.
import { answerOwner } from '#platform'
import { answering } from '../platform/worker-calls.js'
import { BatchMaker, type BatchRecipe, type BatchRequest, type MadeBatch } from './make-batch.js'

/** What the loader asks. */
export type LoaderRequest = { readonly recipe: BatchRecipe } | { readonly batch: BatchRequest }

let maker: BatchMaker | undefined

async function answer(request: LoaderRequest): Promise<MadeBatch | undefined> {
  if ('batch' in request) return maker?.make(request.batch)
  maker = new BatchMaker(request.recipe)
  return undefined
}

answerOwner(answering(answer, { transferOf: made => (made ? [made.data.buffer] : []) }))
