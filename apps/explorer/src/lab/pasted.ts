// Runs user code: each run has a worker of its own, and a time limit.
import { wrap } from 'comlink'
import type { NetworkOutline } from 'resnet-ts/inspect'
import type { Pasted } from './pasted-worker.js'

export const LIMIT_SECONDS = 10

/** The code exceeded the time limit. */
export class TooSlowError extends Error {}

/** The worker itself crashed, for example out of memory. */
export class BrokenError extends Error {}

/** Describes the network that a module exports. @throws TooSlowError, BrokenError, or what is wrong with the code. */
export async function describePasted(code: string, isPlain: boolean): Promise<NetworkOutline> {
  const worker = new Worker(new URL('./pasted-worker.ts', import.meta.url), {
    type: 'module',
    name: 'pasted'
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const failure = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlowError()), 1000 * LIMIT_SECONDS)
    worker.addEventListener('error', event => reject(new BrokenError(event.message)))
  })
  try {
    return await Promise.race([wrap<Pasted>(worker).describe(code, isPlain), failure])
  } finally {
    clearTimeout(timer)
    worker.terminate()
  }
}
