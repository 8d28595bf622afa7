// The page's connection to the lab. The worker starts after the first paint, or earlier on demand.
import { wrap, type Remote } from 'comlink'
import type { Lab } from './lab-worker.js'

/** The lab's worker failed to start, or crashed. */
export class LabError extends Error {}

let opened: ReturnType<typeof startLab> | undefined

function startLab() {
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: 'lab' })
  // Never resolves; rejects when the worker fails, which no response would report.
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener('error', event => {
      // The next call gets a new worker.
      worker.terminate()
      opened = undefined
      reject(new LabError(event.message || 'its code did not load'))
    })
  })
  failure.catch(() => {})
  return { remote: wrap<Lab>(worker), failure }
}

/** Starts the lab once the page has been painted. */
export function openLabAfterPaint(): void {
  requestAnimationFrame(() => setTimeout(() => (opened ??= startLab())))
}

/**
 * Calls the lab.
 * @throws LabError when its worker fails; errors of the lab itself keep their message.
 */
export async function askLab<R>(ask: (lab: Remote<Lab>) => Promise<R>): Promise<R> {
  opened ??= startLab()
  const { remote, failure } = opened
  return Promise.race([ask(remote), failure])
}
