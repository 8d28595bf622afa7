// The way from the page to the lab. The worker starts after the page's first paint, or when somebody asks for it before.
import { wrap, type Remote } from 'comlink'
import type { Lab } from './lab-worker.js'

/** The lab is not there: its worker failed to start, or broke down. */
export class LabError extends Error {}

interface OpenLab {
  readonly remote: Remote<Lab>
  /** Never resolves; rejects when the worker fails, which no answer would tell. */
  readonly failure: Promise<never>
}

let opened: OpenLab | undefined

function openLab(): OpenLab {
  if (opened) return opened
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: 'lab' })
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener('error', event => {
      // The next question gets a fresh worker.
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
 * Asks the lab something.
 * @throws LabError when its worker fails; whatever the lab itself throws comes through with its message.
 */
export async function askLab<R>(ask: (lab: Remote<Lab>) => Promise<R>): Promise<R> {
  const { remote, failure } = openLab()
  return Promise.race([ask(remote), failure])
}
