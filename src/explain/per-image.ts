// Methods that need many runs per image: one image after the other.
import type { Tensor } from '../tensor/tensor.js'
import { itemsOf, joined } from './batched-program.js'
import { askedClasses, probabilities } from './chosen-class.js'
import type { Explainer, Explanation, ExplainRequest } from './explanation.js'

/** What every such method returns for an image. */
export interface FoundOfImage {
  readonly classIndex: number
  /** Shape: (1, classes). */
  readonly logits: Tensor<'float32'>
}

/**
 * Runs a method on each image of a batch.
 * @param ofImage receives an image, (1, C, H, W), and the requested class, −1 for the predicted one.
 */
export async function eachImage<F extends FoundOfImage>(
  images: Tensor<'float32'>,
  request: ExplainRequest,
  classes: number,
  ofImage: (image: Tensor<'float32'>, asked: number) => Promise<F>
): Promise<{
  readonly found: readonly F[]
  readonly common: Pick<Explanation, 'classIndex' | 'score' | 'logits'>
}> {
  const asked = askedClasses(request, images.shape[0], classes)
  const found: F[] = []
  for (const [i, each] of asked.entries()) found.push(await ofImage(joined([itemsOf(images, i, 1)]), each))
  const logits = joined(found.map(each => each.logits))
  const classIndex = found.map(each => each.classIndex)
  return { found, common: { classIndex, score: probabilities(logits, classIndex), logits } }
}

/** Assembles an explainer. */
export function explainerOf<E extends Explanation>(
  explain: (images: Tensor<'float32'>, request: ExplainRequest) => Promise<E>,
  dispose: () => Promise<void>
): Explainer<E> {
  const run = (images: Tensor<'float32'>, request: ExplainRequest = {}): Promise<E> =>
    explain(images, request)
  return Object.assign(run, { dispose, [Symbol.asyncDispose]: dispose })
}
