// What is trained on at once: images and what they show, in the form that the loss asks for.
import type { Loss, TargetForm } from '../nn/losses/loss.js'
import { formatShape, Tensor, zeros } from '../tensor/tensor.js'
import { TrainError } from './train-error.js'

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

/** Whether labels are class indices. */
export function isIndices(labels: Batch['labels']): boolean {
  return !(labels instanceof Tensor) || (labels.shape.length === 1 && labels.dtype.startsWith('int'))
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

/**
 * Labels as the tensor that a loss is fed.
 * @param classes how many outputs the network has.
 * @throws TrainError when there are not as many labels as images, or one is not a class.
 */
export function targetTensor(batch: Batch, form: TargetForm, classes: number, ignoreIndex?: number): Tensor {
  const [items] = batch.images.shape
  const indices = indicesOf(batch)
  if (indices) {
    checkIndices(indices, items, classes, ignoreIndex, batch.paths)
    if (form.kind === 'classes') {
      return new Tensor(BigInt64Array.from(indices, BigInt), form.shape.map(Number), 'int64')
    }
    if (form.shape.length === 2 && form.shape[1] === classes) return oneHot(indices, classes)
  }
  const { labels } = batch
  const expected = form.shape.map(Number)
  if (labels instanceof Tensor && labels.dtype === form.dtype && labels.shape.join() === expected.join()) {
    return labels
  }
  const given =
    labels instanceof Tensor ? `${labels.dtype}${formatShape(labels.shape)}` : `${labels.length} numbers`
  throw new TrainError(`labels: expected ${form.dtype}${formatShape(expected)}, got ${given}`)
}

function checkIndices(
  indices: readonly number[],
  items: number,
  classes: number,
  ignoreIndex: number | undefined,
  paths: readonly string[] = []
): void {
  if (indices.length !== items) {
    throw new TrainError(`labels: expected one for each of ${items} images, got ${indices.length}`)
  }
  const wrong = indices.findIndex(
    index => index !== ignoreIndex && !(Number.isInteger(index) && index >= 0 && index < classes)
  )
  if (wrong < 0) return
  const where = paths.at(wrong) ?? `image ${wrong} of the batch`
  throw new TrainError(
    `labels: ${where} has label ${indices[wrong]}, but the network tells ${classes} classes apart (0 … ${classes - 1})`
  )
}

/** Certainty as probabilities. Shape: (N) → (N, classes). */
export function oneHot(indices: readonly number[], classes: number): Tensor<'float32'> {
  const rows = zeros([indices.length, classes])
  for (const [row, index] of indices.entries()) {
    if (index >= 0 && index < classes) rows.data[row * classes + index] = 1
  }
  return rows
}

/** The index of the largest output of each item. Shape: (N, K) → N numbers. */
export function predictions({ data, shape }: Tensor): number[] {
  const [items, classes] = shape
  return Array.from({ length: items }, (_, row) => {
    let best = 0
    for (let i = 1; i < classes; i++) {
      if (data[row * classes + i] > data[row * classes + best]) best = i
    }
    return best
  })
}
