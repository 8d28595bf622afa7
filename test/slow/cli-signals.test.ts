// Commands that have nothing to save end at once on a signal, as a shell expects, and say nothing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { MAIN } from '../support/run-cli.js'

const digit = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))

/** Both wait for more when their first output is there. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  predict: ['predict', '-', '--checkpoint', 'digits', '--format', 'jsonl'],
  explore: ['explore', '--port', '0']
}

describe.each(Object.entries(COMMANDS))('%s', (_, args) => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const)('ends on %s with %d, without a stack trace', async (signal, expected) => {
    const child = spawn(process.execPath, [MAIN, ...args])
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdin.write(`${digit}\n`)
    await once(child.stdout, 'data')
    child.kill(signal)
    const [code, killer] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    // A shell reports a process that a signal ended by 128 and the signal's number.
    expect(code ?? (killer && 128 + constants.signals[killer])).toBe(expected)
    expect(stderr).toMatch(/^(Ctrl\+C ends it\.\n)?$/)
  })
})
