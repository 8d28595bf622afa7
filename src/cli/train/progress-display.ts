// The progress line of training, shown on terminals only.
import { progressLine } from '../../train/terminal/progress-line.js'
import type { FitProgress } from '../../train/fit.js'
import { drawLine } from '../terminal/moving-line.js'

/** Milliseconds between redraws. */
const EVERY = 100

export class ProgressDisplay {
  readonly #isShown: boolean
  readonly #started = performance.now()
  #drawn = 0
  #first: number | undefined

  constructor(isShown = process.stderr.isTTY) {
    this.#isShown = isShown
  }

  show({ epochs, batches, position }: FitProgress): void {
    const now = performance.now()
    const done = position.epoch * batches + position.batch
    this.#first ??= done - 1
    if (!this.#isShown || now - this.#drawn < EVERY) return
    this.#drawn = now
    const perBatch = (now - this.#started) / 1000 / (done - this.#first)
    const line = progressLine(
      {
        epoch: position.epoch + 1,
        epochs,
        step: position.batch,
        steps: batches,
        loss: position.loss / position.images,
        accuracy: position.correct / position.labelled,
        imagesPerSecond: position.images / position.seconds,
        secondsLeft: (epochs * batches - done) * perBatch
      },
      process.stderr.columns || 80
    )
    drawLine(line)
  }
}
