import type { Loss } from '../nn/losses.js'
import { Tensor } from '../tensor/tensor.js'

/** Images and their labels. */
export interface Batch {
  /** Shape: (N, C, H, W). */
  readonly images: Tensor
  /** A class index per image, or what the loss compares the output with, such as probabilities (N, K). */
  readonly labels: Int32Array | readonly number[] | Tensor
  /** The images' files, if any, for error messages. */
  readonly paths?: readonly string[]
  /** Its index in the epoch, from 0; skipped batches count. */
  readonly place?: number
}

/** Whether labels are class indices: one whole number per image. */
export function isIndices(labels: Batch['labels']): boolean {
  return !(labels instanceof Tensor) || (labels.shape.length === 1 && !labels.dtype.includes('float'))
}

/** The loss for a batch: its soft form for probability labels. */
export function lossFor(loss: Loss, { labels }: Batch): Loss {
  return (isIndices(labels) ? undefined : loss.soft?.()) ?? loss
}

/** Class indices as plain numbers; undefined for other labels. */
export function indicesOf({ labels }: Batch): readonly number[] | undefined {
  if (!isIndices(labels)) return undefined
  return Array.from(labels instanceof Tensor ? labels.data : labels, Number)
}
