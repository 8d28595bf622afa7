import { expect, it, vi } from 'vitest'
import { ResnetError } from '../../base/errors.js'
import { WorkerCalls } from '../worker-calls.js'
import { startWorker, Worker } from './workers.js'

const refused = vi.hoisted(() => ({ reason: '', code: '' }))
vi.mock('node:worker_threads', async original => ({
  ...(await original<object>()),
  Worker: function () {
    throw Object.assign(new Error(refused.reason), { code: refused.code })
  }
}))

const url = new URL('file:///worker.js')
const start = (): WorkerCalls<null> =>
  new WorkerCalls<null>(listener => startWorker(new Worker(url, { type: 'module' }), listener), {
    worker: 'The worker',
    remedy: 'bundle it',
    error: ({ fault }) => new ResnetError(fault)
  })

it.each([
  ['EAGAIN', 'allow its user more processes (ulimit -u)'],
  ['EMFILE', 'allow it more open files (ulimit -n)']
])('a thread that the system refuses (%s) is a sentence, now and later', async (reason, remedy) => {
  Object.assign(refused, { reason, code: 'ERR_WORKER_INIT_FAILED' })
  const calls = start()
  const fault = `The worker broke down: the system refuses this process another thread (${reason}): ${remedy}`
  await expect(calls.ask({})).rejects.toThrow(new ResnetError(fault))
  await expect(calls.ask({})).rejects.toThrow(fault)
  expect(calls.isOpen).toBe(false)
  calls.terminate('done')
})

it('another error is thrown as it is', () => {
  Object.assign(refused, { reason: 'wrong', code: 'ERR_INVALID_ARG_TYPE' })
  expect(start).toThrow('wrong')
})
