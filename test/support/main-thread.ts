// Measures the tasks of a page's main thread with Chromium's trace.
import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Wall time and CPU time in microseconds. */
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** The duration of a task in milliseconds. */
export interface TaskTime {
  /** Wall time, which includes other processes on a busy machine. */
  readonly wall: number
  /** CPU time: the wall time on an idle machine. */
  readonly own: number
}

/**
 * The longest task of a page's main thread during an action, by CPU time.
 */
export async function longestTask(page: Page, act: () => Promise<void>): Promise<TaskTime> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  await act()
  const trace = (await browser.stopTracing()).toString('utf8')
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] }
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`)
  )
  const tasks = traceEvents
    .filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = 0 }): TaskTime => ({ wall: dur / 1000, own: tdur / 1000 }))
  if (tasks.length === 0) throw new Error('the trace has no tasks')
  return tasks.reduce((longest, each) => (each.own > longest.own ? each : longest))
}
