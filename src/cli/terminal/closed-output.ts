// What happens when nobody reads on: `resnet list | head` is no error, and a training run saves before it ends.
import type { Writable } from 'node:stream'
import { say } from './moving-line.js'

const endQuietly = (): void => process.exit()
let react = endQuietly

/** Keeps a closed pipe from being an error, and says in a line what else is wrong with it. */
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
  // There is nobody left to tell.
  stderr.on('error', () => {})
}

/** Does something else than ending when stdout is closed; gives what brings back the usual. */
export function whenOutputCloses(reaction: () => void): () => void {
  react = reaction
  return () => {
    react = endQuietly
  }
}

/** What is written after the first failure fails as well, some of it by the other name. */
function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
}
