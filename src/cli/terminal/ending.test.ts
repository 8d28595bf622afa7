import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { StopSignal, watchOutput } from './ending.js'

const CODES = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129]
] as const

const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
afterEach(() => {
  said.mockClear()
  exit.mockClear()
})

describe.each(CODES)('%s', (name, code) => {
  it(`stops after the current batch with ${code}; a second signal ends at once`, () => {
    const before = process.listenerCount(name)
    {
      using stop = new StopSignal()
      expect(stop.signal.aborted).toBe(false)
      process.emit(name, name)
      expect(stop.signal.aborted).toBe(true)
      expect(stop.exitCode).toBe(code)
      expect(exit).not.toHaveBeenCalled()
      process.emit(name, name)
      expect(exit).toHaveBeenCalledExactlyOnceWith(code)
    }
    expect(process.listenerCount(name)).toBe(before)
  })

  it('does not end at once because the output was closed before', () => {
    const stdout = new PassThrough()
    watchOutput(stdout, new PassThrough())
    using stop = new StopSignal()
    stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect([stop.signal.aborted, stop.exitCode]).toEqual([true, 141])
    process.emit(name, name)
    expect(stop.exitCode).toBe(code)
    expect(exit).not.toHaveBeenCalled()
  })
})
