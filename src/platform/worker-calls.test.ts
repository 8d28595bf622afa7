import { describe, expect, it } from 'vitest'
import { PathError } from '../base/errors.js'
import { answering, WorkerCalls, type WorkerFault, type WorkerListener } from './worker-calls.js'

class OwnersError extends Error {
  readonly reported: WorkerFault

  constructor(reported: WorkerFault) {
    super(reported.fault)
    this.reported = reported
  }
}

/** A worker on this thread; what is said crosses as between two. */
function callsTo(work: (question: { readonly ask: string }) => Promise<string>): {
  readonly calls: WorkerCalls<string>
  readonly breakDown: (fault: string, options?: { isStart: boolean }) => void
} {
  const answer = answering(work, { transferOf: () => [] })
  let owner: WorkerListener | undefined
  const calls = new WorkerCalls<string>(
    listener => {
      owner = listener
      return {
        post(message) {
          void answer(structuredClone(message)).then(({ message: reply }) =>
            listener.message(structuredClone(reply))
          )
        },
        keepAlive() {},
        terminate() {}
      }
    },
    { worker: 'The worker', remedy: 'give it a script', error: fault => new OwnersError(fault) }
  )
  return { calls, breakDown: (fault, options) => owner?.failure(fault, options) }
}

const reported = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => undefined,
    (error: unknown) => (error instanceof OwnersError ? error.reported : error)
  )

describe('a worker that is asked', () => {
  it('answers each question, in whatever order the answers come', async () => {
    const { calls } = callsTo(async ({ ask }) => {
      if (ask === 'slow') await new Promise(resolve => setTimeout(resolve, 5))
      return `to ${ask}`
    })
    const asked = ['slow', 'quick'].map(ask => calls.ask({ ask }))
    expect(await Promise.all(asked)).toEqual(['to slow', 'to quick'])
  })

  it('reports an error as its path and its fault', async () => {
    const { calls } = callsTo(async () => {
      throw new PathError('a/b: c.png', 'is empty')
    })
    expect(await reported(calls.ask({}))).toMatchObject({ path: 'a/b: c.png', fault: 'is empty' })
  })

  it('reports an error that names nothing as its message alone', async () => {
    const { calls } = callsTo(async () => {
      throw new TypeError('not: a path')
    })
    const fault = await reported(calls.ask({}))
    expect(fault).toMatchObject({ fault: 'not: a path' })
    expect(fault).not.toHaveProperty('path')
  })

  it('says what to do about one that cannot start', async () => {
    const { calls, breakDown } = callsTo(() => new Promise(() => {}))
    const asked = reported(calls.ask({}))
    breakDown('no script', { isStart: true })
    const fault = 'The worker cannot start: no script; give it a script (docs/deploy.md)'
    expect(await asked).toEqual({ fault })
  })

  it('tells everybody who waits that it broke down or was ended, and those who ask later', async () => {
    const broken = callsTo(() => new Promise(() => {}))
    const waiting = [broken.calls.ask({}), broken.calls.ask({})].map(reported)
    broken.breakDown('no memory')
    const fault = { fault: 'The worker broke down: no memory' }
    expect(await Promise.all([...waiting, reported(broken.calls.ask({}))])).toEqual([fault, fault, fault])
    expect(broken.calls.isOpen).toBe(false)

    const ended = callsTo(() => new Promise(() => {}))
    const asked = reported(ended.calls.ask({}))
    ended.calls.terminate('It was disposed of')
    expect(await asked).toEqual({ fault: 'It was disposed of' })
  })
})
