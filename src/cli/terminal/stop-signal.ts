// Stops a training run early: on Ctrl-C, or when its output is closed.
import { whenOutputCloses } from './closed-output.js'
import { say } from './moving-line.js'

/** Exit codes as a shell reports a signal: 128 plus its number. */
const INTERRUPTED = 130
const OUTPUT_CLOSED = 141

export class StopSignal implements Disposable {
  readonly #controller = new AbortController()
  readonly #restoreOutput: () => void
  #exitCode = INTERRUPTED
  /** The reason, in the middle of a sentence. */
  reason = 'stopped'

  constructor() {
    process.on('SIGINT', this.#onInterrupt)
    process.on('SIGTERM', this.#onInterrupt)
    this.#restoreOutput = whenOutputCloses(() => {
      if (this.signal.aborted) return
      this.#exitCode = OUTPUT_CLOSED
      this.reason = 'the output was closed: stopped'
      this.#controller.abort()
    })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get exitCode(): number {
    return this.#exitCode
  }

  /** The first Ctrl-C stops after the current batch, the second at once. */
  readonly #onInterrupt = (): void => {
    if (this.signal.aborted) {
      // A third one ends pending work, too.
      this[Symbol.dispose]()
      process.exit(INTERRUPTED)
    }
    this.#controller.abort()
    say('stopping after this batch; Ctrl-C again stops at once')
  };

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#onInterrupt)
    process.off('SIGTERM', this.#onInterrupt)
    this.#restoreOutput()
  }
}
