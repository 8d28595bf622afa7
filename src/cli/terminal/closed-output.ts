// Closed output: `resnet list | head` is no error, and a training run saves before it ends.
import type { Writable } from 'node:stream'
import { say } from './moving-line.js'

const endQuietly = (): void => process.exit()
let react = endQuietly

/** Ignores closed pipes; other output errors are reported in a line. */
export function watchOutput(stdout: Writable = process.stdout, stderr: Writable = process.stderr): void {
  let isTold = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isClosed(error) && !isTold) {
      isTold = true
      process.exitCode = 2
      say(`the output cannot be written: ${error.message.replace(/^\w+: (.*), \w+$/, '$1')}`)
    }
    react()
  })
  stderr.on('error', () => {})
}

/** Replaces the reaction to a closed stdout; returns a function that restores the default. */
export function whenOutputCloses(reaction: () => void): () => void {
  react = reaction
  return () => {
    react = endQuietly
  }
}

/** Writes after the first failure fail too, some with another code. */
function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
}
