// What stops a training run before its end: Ctrl-C, or a closed pipe where its output went.
import { whenOutputCloses } from './closed-output.js'
import { say } from './moving-line.js'

/** The exit codes that a shell gives a program that such a signal ended: 128 and the signal's number. */
const INTERRUPTED = 130
const OUTPUT_CLOSED = 141

/** Listens until it is disposed. */
export class StopSignal implements Disposable {
  readonly #controller = new AbortController()
  readonly #restoreOutput: () => void
  #exitCode = INTERRUPTED
  /** Why, in the middle of a sentence. */
  reason = 'stopped'

  constructor() {
    process.on('SIGINT', this.#onInterrupt)
    process.on('SIGTERM', this.#onInterrupt)
    this.#restoreOutput = whenOutputCloses(() => {
      if (this.signal.aborted) return
      this.#exitCode = OUTPUT_CLOSED
      this.reason = 'nobody reads the output any more: stopped'
      this.#controller.abort()
    })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get exitCode(): number {
    return this.#exitCode
  }

  /** The first Ctrl-C stops after the batch under way, the second at once. */
  readonly #onInterrupt = (): void => {
    if (this.signal.aborted) {
      // What is left to wait for, a third one ends, too.
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
