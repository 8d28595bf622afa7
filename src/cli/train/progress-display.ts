// The line that moves while a network is trained; on a terminal only.
import { progressLine } from '../../train/terminal/progress-line.js'
import type { FitProgress } from '../../train/fit.js'
import { drawLine } from '../terminal/moving-line.js'

/** Milliseconds between two drawings. */
const EVERY = 100

/** Shows progress on stderr. */
export class ProgressDisplay {
  readonly #isShown: boolean
  readonly #started = performance.now()
  #drawn = 0
  #first: number | undefined

  constructor(isShown = process.stderr.isTTY) {
    this.#isShown = isShown
  }

  /** Draws a line, unless the last one is still fresh. */
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
