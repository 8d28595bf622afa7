// What happens when nobody reads on: `resnet list | head` is no error, and a training run saves before it ends.
import type { Writable } from 'node:stream'

const endQuietly = (): void => process.exit(0)
let react = endQuietly

/** Keeps a closed pipe from being an error. */
export function watchOutput(stdout: Writable = process.stdout, stderr: Writable = process.stderr): void {
  stdout.on(
    'error',
    unlessClosed(() => react())
  )
  // There is nobody left to tell.
  stderr.on(
    'error',
    unlessClosed(() => {})
  )
}

/** Does something else than ending when stdout is closed; gives what brings back the usual. */
export function whenOutputCloses(reaction: () => void): () => void {
  react = reaction
  return () => {
    react = endQuietly
  }
}

function unlessClosed(reaction: () => void): (error: NodeJS.ErrnoException) => void {
  return error => {
    // What is written after the first failure fails as well, some of it by the other name.
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    reaction()
  }
}
