// How a command ends before it is through: its output is closed, a signal comes, or user code ends the process.
import { constants } from 'node:os'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { PathError, ResnetError } from '../../base/errors.js'
import { faultOf } from '../../base/kinds.js'
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
 * @param scripts the user's files that the command runs.
 * @returns a function to call when the command has finished, which stops the watch.
 */
export function watchEnd(scripts: readonly string[] = []): () => void {
  const fail = (cause: unknown): never =>
    process.exit(reportError(thrownBy(scripts, cause), process.argv.includes('--debug')))
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

/** Names the user's file that an uncaught error comes from: a timer of it, or a promise that nobody awaits. */
function thrownBy(scripts: readonly string[], cause: unknown): unknown {
  if (cause instanceof ResnetError) return cause
  // This package throws nothing but errors.
  const trace = cause instanceof Error ? String(cause.stack) : undefined
  const script = scripts.find(each => trace?.includes(pathToFileURL(resolve(each)).href) ?? true)
  return script === undefined ? cause : new PathError(script, faultOf(cause), { cause })
}

/** What asks a process to end: Ctrl-C, another process, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** The exit code with which a shell reports a signal. */
const exitCodeOf = (signal: Signal | 'SIGPIPE'): number => 128 + constants.signals[signal]

/** Stops a training run early, so that it is saved: on a signal, or when its output is closed. */
export class StopSignal implements Disposable {
  readonly #controller = new AbortController()
  readonly signal = this.#controller.signal
  #isAsked = false
  exitCode = exitCodeOf('SIGINT')
  /** The reason, in the middle of a sentence. */
  reason = 'stopped'

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
    whenClosed = () => {
      if (this.signal.aborted) return
      this.exitCode = exitCodeOf('SIGPIPE')
      this.reason = 'the output was closed: stopped'
      this.#controller.abort()
    }
  }

  /** The first signal stops after the current batch, the second at once. A closed terminal closes the output, too. */
  readonly #onSignal = (signal: Signal): void => {
    if (this.#isAsked) {
      // A third one ends pending work, too.
      this[Symbol.dispose]()
      process.exit(exitCodeOf(signal))
    }
    this.#isAsked = true
    this.exitCode = exitCodeOf(signal)
    this.#controller.abort()
    say('stopping after this batch; Ctrl-C again stops at once')
  };

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
    whenClosed = endQuietly
  }
}
