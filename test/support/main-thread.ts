// What a page asks of its browser's main thread, by the browser's own trace.
import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds by the clock, and of the processor. */
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** How long a task took, in milliseconds. */
export interface TaskTime {
  /** By the clock: on a machine that does other things, too, more than the task's own doing. */
  readonly wall: number
  /** Of the processor: what the task itself took, and what it takes by the clock where nothing disturbs it. */
  readonly own: number
}

/**
 * The longest task of a page's main thread while something is done in it. Tasks are compared by what they take of the
 * processor.
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
