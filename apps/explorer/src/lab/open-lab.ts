// The page's connection to the lab. The worker starts after the first paint, or earlier on demand.
import { wrap, type Remote } from 'comlink'
import type { Lab } from './lab-worker.js'

/** The lab's worker failed to start, or crashed. */
export class LabError extends Error {}

interface OpenLab {
  readonly remote: Remote<Lab>
  /** Never resolves; rejects when the worker fails, which no response would report. */
  readonly failure: Promise<never>
}

let opened: OpenLab | undefined

function openLab(): OpenLab {
  if (opened) return opened
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: 'lab' })
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener('error', event => {
      // The next call gets a new worker.
      worker.terminate()
      opened = undefined
      reject(new LabError(event.message || 'its code did not load'))
    })
  })
  failure.catch(() => {})
  opened = { remote: wrap<Lab>(worker), failure }
  return opened
}

/** Starts the lab once the page has been painted. */
export function openLabAfterPaint(): void {
  requestAnimationFrame(() => setTimeout(openLab))
}

/**
 * Calls the lab.
 * @throws LabError when its worker fails; errors of the lab itself keep their message.
 */
export async function askLab<R>(ask: (lab: Remote<Lab>) => Promise<R>): Promise<R> {
  const { remote, failure } = openLab()
  return Promise.race([ask(remote), failure])
}
