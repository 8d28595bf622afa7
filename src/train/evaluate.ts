// Measures a network over batches, in evaluation mode: between training steps, or by itself.
import { aNetwork } from '../nn/module/check-network.js'
import {
  aBoolean,
  aFunction,
  anObject,
  checkOptions,
  instanceOf,
  type OptionsOf,
  checkArguments
} from '../base/options.js'
import { engineFor } from '../compile/shared-engines.js'
import { usualLoss, type Loss } from '../nn/losses.js'
import { namedHolders, type Module } from '../nn/module/module.js'
import { ENGINE_CHOICE, type EngineState } from '../runtime/engine.js'
import {
  BATCHES,
  checkBatch,
  foundClasses,
  foundLabels,
  isRight,
  lossFor,
  targetTensor,
  type Batch
} from './step/batch.js'
import { Programs } from './step/programs.js'
import { TrainError } from './train-error.js'
import { PORTS } from './step/ports.js'

const MEASURED = {
  /** Called after each batch with the number of images so far. */
  onBatch: aFunction<(images: number) => void>(),
  /** Stops after the current batch; the evaluation then rejects with the signal's reason. */
  signal: instanceOf(AbortSignal)
}

export const EVALUATE_OPTIONS = {
  /** Use the moving average of the weights; default false. */
  averaged: aBoolean,
  ...MEASURED
}

/** Options of a trainer's `evaluate`. */
export interface EvaluateOptions extends OptionsOf<typeof EVALUATE_OPTIONS> {}

const OPTIONS = {
  ...MEASURED,
  /** Default `crossEntropy()`; for a network with one output `binaryCrossEntropyWithLogits()`. */
  loss: anObject<Loss>('a loss such as crossEntropy()'),
  ...ENGINE_CHOICE
}

/** Options of `evaluate`. */
export interface MeasureOptions extends OptionsOf<typeof OPTIONS> {}

/** The result of an evaluation. */
export interface Evaluated {
  /** Mean over images. */
  readonly loss: number
  /**
   * Share of correctly classified images, without ignored ones: of those with several labels at once, the images all of whose
   * labels are right (scikit-learn: `accuracy_score`). Undefined if labels are neither class indices nor zeros and ones.
   */
  readonly accuracy: number | undefined
  /** Share of images whose class is among the five most probable, without ignored ones; undefined without class indices. */
  readonly top5: number | undefined
  /** Number of images, including ignored ones. */
  readonly images: number
  /** Counts by actual class (rows) and predicted class (columns), without ignored images. */
  readonly confusion: readonly (readonly number[])[]
  /**
   * Of several labels at once, for each of them the counts by actual answer (rows) and predicted answer (columns), no before
   * yes (scikit-learn: `multilabel_confusion_matrix`); empty otherwise. An output above 0 is a yes, as its sigmoid is above ½.
   */
  readonly labelConfusions: readonly (readonly (readonly number[])[])[]
}

/**
 * Measures loss, accuracy and confusions over batches, in evaluation mode. The network is unchanged.
 * @throws TrainError when there are no batches, or labels do not fit the network.
 * @example
 * const net = cifar_resnet8({ numClasses: 10, inChannels: 1 })
 * const loader = createLoader(await digits(), { batchSize: 64, transforms: [toTensor()], shuffle: false })
 * const { accuracy } = await evaluate(net, loader)
 */
export async function evaluate(
  net: Module,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  options: MeasureOptions = {}
): Promise<Evaluated> {
  checkOptions('evaluate', options, OPTIONS)
  checkArguments('evaluate', { net, batches }, { net: aNetwork, batches: BATCHES })
  const { loss = usualLoss(), onBatch, signal } = options
  const engine = engineFor(options)
  const state = await engine.createState(new Map(namedHolders(net).map(([name, { data }]) => [name, data])))
  const programs = new Programs(net, engine)
  try {
    return await measure({ programs, state, loss }, batches, { onBatch, signal })
  } finally {
    await programs.dispose()
    await state.dispose()
  }
}

/** A network on an engine that holds its weights. */
export interface Measurable {
  readonly programs: Programs
  readonly state: EngineState
  readonly loss: Loss
}

/** @throws TrainError when there are no batches, or labels do not fit the network. */
export async function measure(
  { programs, state, loss: given }: Measurable,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  { averaged = false, onBatch, signal }: EvaluateOptions
): Promise<Evaluated> {
  let [images, lossSum, correct, amongFive, labelled, ranked] = [0, 0, 0, 0, 0, 0]
  let confusion: number[][] = []
  let labelConfusions: number[][][] = []
  for await (const batch of batches) {
    signal?.throwIfAborted()
    checkBatch('evaluate', batch)
    const loss = lossFor(given, batch)
    const { program, target, classes } = await programs.evaluation(batch.images.shape, loss, averaged)
    const labels = targetTensor(batch, target, classes, given.ignoreIndex)
    const inputs = { [PORTS.images]: batch.images, [PORTS.target]: labels }
    const results = await program.run(inputs, { state })
    const count = batch.images.shape[0]
    images += count
    lossSum += Number(results[PORTS.loss].data[0]) * count
    const pairs = foundClasses(results[PORTS.output], batch, classes, given.ignoreIndex)
    if (pairs && confusion.length === 0) confusion = noCounts(classes)
    for (const { label, found, before } of pairs ?? []) {
      labelled++
      ranked++
      confusion[label][found]++
      if (label === found) correct++
      if (before < 5) amongFive++
    }
    const answers = foundLabels(results[PORTS.output], batch, target)
    if (answers && labelConfusions.length === 0) {
      labelConfusions = Array.from({ length: classes }, () => noCounts(2))
    }
    for (const each of answers ?? []) {
      labelled++
      if (isRight(each)) correct++
      for (const [i, { label, found }] of each.entries()) labelConfusions[i][label][found]++
    }
    onBatch?.(images)
  }
  // A stopped source may have ended early.
  signal?.throwIfAborted()
  if (images === 0) throw new TrainError('evaluate: there are no images')
  const shareOf = (count: number, all: number): number | undefined => (all === 0 ? undefined : count / all)
  const [accuracy, top5] = [shareOf(correct, labelled), shareOf(amongFive, ranked)]
  return { loss: lossSum / images, accuracy, top5, images, confusion, labelConfusions }
}

function noCounts(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
}
