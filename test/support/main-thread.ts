// How long a page keeps its main thread, in processor time: what a task waits for while other programs have the processor
// is not the page's doing, and would make the result depend on what else the machine is at.
import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly args: { readonly name?: string }
  /** Processor time in microseconds. */
  readonly tdur?: number
}

/** Watches a page's main thread from now on; what is returned ends that, and gives each task's milliseconds, longest first. */
export async function watchMainThread(page: Page): Promise<() => Promise<number[]>> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] }
  })
  return async () => {
    const complete = new Promise<void>(resolve => session.once('Tracing.tracingComplete', () => resolve()))
    await session.send('Tracing.end')
    await complete
    // A browser may hold renderers that show nothing; of all main threads, the busiest is the page's.
    const threads = events.filter(
      ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain'
    )
    const tasks = events.filter(
      ({ name, ph, pid, tid }) =>
        ph === 'X' &&
        name.endsWith('RunTask') &&
        threads.some(thread => thread.pid === pid && thread.tid === tid)
    )
    return tasks.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a)
  }
}
