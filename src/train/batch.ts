// What is trained on at once: images and what they show.
import type { Loss } from '../nn/losses/loss.js'
import { Tensor } from '../tensor/tensor.js'

/** Images and their labels. */
export interface Batch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor
  /** A class index for each image, or what the loss compares the output with, such as probabilities (N, K). */
  readonly labels: Int32Array | readonly number[] | Tensor
  /** The images' files, where they have any: named when something is wrong with the batch. */
  readonly paths?: readonly string[]
  /** Its place in its epoch, from 0, where batches before it may have been left out. */
  readonly place?: number
}

/** Whether labels are class indices: whole numbers, one for each image. */
export function isIndices(labels: Batch['labels']): boolean {
  return !(labels instanceof Tensor) || (labels.shape.length === 1 && !labels.dtype.includes('float'))
}

/** The loss for a batch: its soft form where labels are shares of classes. */
export function lossFor(loss: Loss, { labels }: Batch): Loss {
  return (isIndices(labels) ? undefined : loss.soft?.()) ?? loss
}

/** Class indices as plain numbers; nothing where labels are something else. */
export function indicesOf({ labels }: Batch): readonly number[] | undefined {
  if (!isIndices(labels)) return undefined
  return Array.from(labels instanceof Tensor ? labels.data : labels, Number)
}
