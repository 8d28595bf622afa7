import { aBoolean, aFunction, instanceOf, type OptionsOf } from '../base/options.js'
import type { Loss } from '../nn/losses.js'
import type { EngineState } from '../runtime/engine.js'
import { lossFor, type Batch } from './batch.js'
import { foundClasses } from './found-classes.js'
import type { Programs } from './programs.js'
import { targetTensor } from './target.js'
import { PORTS } from './training-graph.js'
import { TrainError } from './train-error.js'

export const EVALUATE_OPTIONS = {
  /** Use the moving average of the weights; default false. */
  averaged: aBoolean,
  /** Called after each batch with the number of images so far. */
  onBatch: aFunction<(images: number) => void>(),
  /** Stops after the current batch; the evaluation then rejects with the signal's reason. */
  signal: instanceOf(AbortSignal)
}

export interface EvaluateOptions extends OptionsOf<typeof EVALUATE_OPTIONS> {}

/** The result of an evaluation. */
export interface Evaluated {
  /** Mean over images. */
  readonly loss: number
  /** Share of correctly classified images, without ignored ones; undefined if labels are not class indices. */
  readonly accuracy: number | undefined
  /** Number of images, including ignored ones. */
  readonly images: number
  /** Counts by actual class (rows) and predicted class (columns), without ignored images. */
  readonly confusion: readonly (readonly number[])[]
}

/** Evaluates a network on weights that are being trained. */
export class Evaluator {
  readonly #programs: Programs
  readonly #state: EngineState
  readonly #loss: Loss

  constructor(programs: Programs, state: EngineState, loss: Loss) {
    this.#programs = programs
    this.#state = state
    this.#loss = loss
  }

  /** @throws TrainError when there are no batches, or labels do not fit the network. */
  async evaluate(
    batches: AsyncIterable<Batch> | Iterable<Batch>,
    { averaged = false, onBatch, signal }: EvaluateOptions = {}
  ): Promise<Evaluated> {
    let [images, lossSum, correct, labelled] = [0, 0, 0, 0]
    let confusion: number[][] = []
    for await (const batch of batches) {
      signal?.throwIfAborted()
      const loss = lossFor(this.#loss, batch)
      const { program, target, classes } = await this.#programs.evaluation(batch.images.shape, loss, averaged)
      const labels = targetTensor(batch, target, classes, this.#loss.ignoreIndex)
      const results = await program.run(
        { [PORTS.images]: batch.images, [PORTS.target]: labels },
        { state: this.#state }
      )
      const count = batch.images.shape[0]
      images += count
      lossSum += Number(results[PORTS.loss].data[0]) * count
      const pairs = foundClasses(results[PORTS.output], batch, classes, this.#loss.ignoreIndex)
      if (pairs && confusion.length === 0) confusion = squareOfZeros(classes)
      for (const { label, found } of pairs ?? []) {
        labelled++
        confusion[label][found]++
        if (label === found) correct++
      }
      onBatch?.(images)
    }
    // A stopped source may have ended early.
    signal?.throwIfAborted()
    if (images === 0) throw new TrainError('evaluate: there are no images')
    return {
      loss: lossSum / images,
      accuracy: labelled === 0 ? undefined : correct / labelled,
      images,
      confusion
    }
  }
}

function squareOfZeros(size: number): number[][] {
  return Array.from({ length: size }, () => Array.from({ length: size }, () => 0))
}
