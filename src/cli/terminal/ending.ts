// How a command ends before it is through: its output is closed, a signal comes, or user code ends the process.
import type { Writable } from 'node:stream'
import { say } from './output.js'
import { reportError } from './report-error.js'

/** Whether the process ends as it should, so that nothing need be said of it. */
let isThrough = false
const endQuietly = (): void => {
  isThrough = true
  process.exit()
}
let whenClosed = endQuietly

/** Ignores closed pipes (`resnet list | head` is no error); other output errors are reported in a line. */
export function watchOutput(stdout: Writable = process.stdout, stderr: Writable = process.stderr): void {
  let isTold = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Writes after the first failure fail too, some with another code.
    const isClosed = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED'
    // Whoever has closed the pipe has all that is wanted, also if some images could not be read.
    if (isClosed && !isTold && whenClosed === endQuietly) process.exitCode = 0
    if (!isClosed && !isTold) {
      isTold = true
      process.exitCode = 2
      say(`the output cannot be written: ${error.message.replace(/^\w+: (.*), \w+$/, '$1')}`)
    }
    whenClosed()
  })
  stderr.on('error', () => {})
}

/**
 * Watches how the process ends. User code may end it, wait forever or fail asynchronously while it loads: neither may pass
 * as success or end in a stack trace.
 * @returns a function to call when the command has finished, which stops the watch.
 */
export function watchEnd(): () => void {
  const fail = (cause: unknown): never => process.exit(reportError(cause, process.argv.includes('--debug')))
  process.on('unhandledRejection', fail)
  process.on('uncaughtException', fail)
  process.on('exit', code => {
    // 13 is Node's exit code for an unsettled top-level await.
    if (isThrough || (code !== 0 && code !== 13)) return
    const ended = 'the process was ended before the command was through'
    say(code === 0 ? ended : 'the command waits for something that never comes')
    process.exitCode = 2
  })
  return () => {
    isThrough = true
  }
}

/** Exit codes as a shell reports a signal: 128 plus its number. */
const INTERRUPTED = 130
const OUTPUT_CLOSED = 141

/** Stops a training run early, so that it is saved: on Ctrl-C, or when its output is closed. */
export class StopSignal implements Disposable {
  readonly #controller = new AbortController()
  readonly signal = this.#controller.signal
  exitCode = INTERRUPTED
  /** The reason, in the middle of a sentence. */
  reason = 'stopped'

  constructor() {
    process.on('SIGINT', this.#onInterrupt)
    process.on('SIGTERM', this.#onInterrupt)
    whenClosed = () => {
      if (this.signal.aborted) return
      this.exitCode = OUTPUT_CLOSED
      this.reason = 'the output was closed: stopped'
      this.#controller.abort()
    }
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
    whenClosed = endQuietly
  }
}
