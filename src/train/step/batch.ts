// A batch: its labels in the form that a loss asks for, and the classes that a network finds in its images.
import { counted } from '../../base/figures.js'
import { anObject, checkArguments, instanceOf, type Check } from '../../base/options.js'
import type { Loss, TargetForm } from '../../nn/losses.js'
import { oneHot } from '../../tensor/probabilities.js'
import { formatShape, Tensor } from '../../tensor/tensor.js'
import { TrainError } from '../train-error.js'

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

const BATCH = { batch: anObject<Batch>('a batch: { images, labels }', 'images') }
/** What `for await` takes: a data set, whose pictures are in no batches yet, is the usual mistake. */
export const BATCHES: Check<AsyncIterable<Batch> | Iterable<Batch>> = {
  expected: 'a loader such as createLoader(dataset, { batchSize: 32 })',
  accepts: value =>
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}
const PARTS = {
  images: instanceOf(Tensor),
  labels: {
    expected:
      'a class index for each image, as an Int32Array, numbers or a Tensor, or a Tensor of what the loss takes',
    accepts: (value: unknown) => value instanceof Tensor || Array.isArray(value) || ArrayBuffer.isView(value)
  }
}

/** @throws OptionError for what is no batch, such as images without labels. */
export function checkBatch(owner: string, batch: Batch): void {
  checkArguments(owner, { batch }, BATCH)
  const { images, labels } = batch
  checkArguments(`${owner}: batch`, { images, labels }, PARTS)
  if (images.shape[0] === 0)
    throw new TrainError(`${owner}: the batch is empty: its images are ${String(images)}`)
}

/** Whether labels are class indices: one whole number per image. */
function isIndices(labels: Batch['labels']): boolean {
  return !(labels instanceof Tensor) || (labels.shape.length === 1 && !labels.dtype.includes('float'))
}

/** The loss for a batch: its soft form for probability labels. */
export function lossFor(loss: Loss, { labels }: Batch): Loss {
  return (isIndices(labels) ? undefined : loss.soft?.()) ?? loss
}

/** Class indices as plain numbers; undefined for other labels. */
function indicesOf({ labels }: Batch): readonly number[] | undefined {
  if (!isIndices(labels)) return undefined
  return Array.from(labels instanceof Tensor ? labels.data : labels, Number)
}

/** Answers of a single output as class indices; undefined unless all are 0 or 1. */
function yesOrNo({ labels }: Batch): readonly number[] | undefined {
  const answers = Array.from(labels instanceof Tensor ? labels.data : labels, Number)
  return answers.every(answer => answer === 0 || answer === 1) ? answers : undefined
}

/** The number of classes: usually one per output, two for a single binary output, 0 for losses on plain numbers. */
export function countClasses({ kind, shape }: TargetForm, outputs: number): number {
  if (kind === 'classes') return outputs
  if (shape.length !== 2 || shape[1] !== outputs) return 0
  if (outputs > 1) return outputs
  return kind === 'answers' ? 2 : 0
}

/**
 * Labels as the loss's target.
 * @param classes number of classes, see `countClasses`.
 * @throws TrainError when labels do not match the images, the classes or the loss's form.
 */
export function targetTensor(batch: Batch, form: TargetForm, classes: number, ignoreIndex?: number): Tensor {
  const indices = indicesOf(batch)
  const expected = form.shape.map(Number)
  if (indices && classes > 0) {
    checkIndices(indices, batch, form, classes, form.kind === 'classes' ? ignoreIndex : undefined)
    if (form.kind === 'classes') return new Tensor(BigInt64Array.from(indices, BigInt), expected, 'int64')
    return expected[1] === 1
      ? new Tensor(Float32Array.from(indices), expected, 'float32')
      : oneHot(indices, classes)
  }
  const { labels } = batch
  if (labels instanceof Tensor && labels.dtype === form.dtype && labels.shape.join() === expected.join()) {
    return labels
  }
  const given = labels instanceof Tensor ? String(labels) : `${labels.length} class indices`
  throw new TrainError(`labels: expected ${wanted(batch, form, classes)}, got ${given}`)
}

function checkIndices(
  indices: readonly number[],
  { images, paths = [] }: Batch,
  form: TargetForm,
  classes: number,
  ignoreIndex: number | undefined
): void {
  const [items] = images.shape
  if (indices.length !== items) {
    throw new TrainError(
      `labels: expected one for each of ${counted(items, 'image', 'images')}, got ${indices.length}`
    )
  }
  const wrong = indices.findIndex(
    index => index !== ignoreIndex && !(Number.isInteger(index) && index >= 0 && index < classes)
  )
  if (wrong < 0) return
  const where = paths.at(wrong) ?? `image ${wrong} of the batch`
  throw new TrainError(`labels: ${where} has label ${indices[wrong]}, but ${whatIsTold(form, classes)}`)
}

function whatIsTold({ kind, shape }: TargetForm, classes: number): string {
  if (kind === 'answers' && shape[1] === 1) return 'the single output is binary: 0 or 1'
  if (classes === 1) return 'the network has one output, so one class (0)'
  return `the network has ${classes} classes (0 … ${classes - 1})`
}

function wanted({ images, labels }: Batch, { dtype, shape }: TargetForm, classes: number): string {
  const numbers = `${dtype}${formatShape(shape)}`
  const isMeantAsNumbers = labels instanceof Tensor && labels.shape.length === shape.length
  if (classes === 0 || isMeantAsNumbers) return numbers
  return `${images.shape[0]} class indices (an array of whole numbers, or a tensor of an integer dtype) or ${numbers}`
}

/** An actual and a predicted class, or answer: 1 for yes. */
export interface Pair {
  readonly label: number
  /** The predicted one. */
  readonly found: number
}

export function isRight(pairs: readonly Pair[]): boolean {
  return pairs.every(({ label, found }) => label === found)
}

/** What is found of one image. */
export interface Found extends Pair {
  /** How many other classes come before the actual one; 0 if that is the predicted one. */
  readonly before: number
}

/**
 * Actual and predicted class of every image that is not ignored; undefined if labels are not class indices.
 * @param output the network's output. Shape: (N, K).
 */
export function foundClasses(
  output: Tensor,
  batch: Batch,
  classes: number,
  ignoreIndex: number | undefined
): readonly Found[] | undefined {
  const labels = indicesOf(batch) ?? (output.shape[1] === 1 && classes === 2 ? yesOrNo(batch) : undefined)
  if (!labels || output.shape.length !== 2) return undefined
  return labels.flatMap((label, row) => {
    if (label === ignoreIndex) return []
    const found = foundIn(output, row, classes)
    return [{ label, found, before: found === label ? 0 : classesBefore(output, row, label) }]
  })
}

/**
 * Actual and predicted answers of every image with several labels at once; undefined unless labels are zeros and ones.
 * @param output the network's output. Shape: (N, K).
 */
export function foundLabels(
  { data, shape }: Tensor,
  { labels }: Batch,
  { kind }: TargetForm
): readonly (readonly Pair[])[] | undefined {
  const [items, outputs] = shape
  const isOfSeveral = kind === 'answers' && shape.length === 2 && outputs > 1
  if (!isOfSeveral || !(labels instanceof Tensor) || isIndices(labels)) return undefined
  const answers = Array.from(labels.data, Number)
  if (answers.some(answer => answer !== 0 && answer !== 1)) return undefined
  return Array.from({ length: items }, (_, item) =>
    Array.from({ length: outputs }, (_, i) => {
      const at = item * outputs + i
      return { label: answers[at], found: Number(data[at] > 0) }
    })
  )
}

/** Of equal outputs the first counts as the larger one, as where the largest is searched; NaN is never less. */
function classesBefore({ data, shape }: Tensor, row: number, label: number): number {
  const [, outputs] = shape
  const own = data[row * outputs + label]
  let before = 0
  for (let i = 0; i < outputs; i++) {
    const other = data[row * outputs + i]
    if (i !== label && !(other < own || (other === own && i > label))) before++
  }
  return Math.max(1, before)
}

function foundIn({ data, shape }: Tensor, row: number, classes: number): number {
  const [, outputs] = shape
  // A single binary output predicts class 1 above zero, where its probability exceeds ½.
  if (outputs === 1 && classes === 2) return data[row] > 0 ? 1 : 0
  let best = 0
  for (let i = 1; i < outputs; i++) {
    if (data[row * outputs + i] > data[row * outputs + best]) best = i
  }
  return best
}
