// A process that tries inputs, so that one that hangs or ends it does no more than that.
import { openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ResnetError } from '../../src/base/errors.js'
import { FORMATS } from './formats.js'
import type { Reading } from './format.js'
import { Random } from './random.js'
import { isRight, noCounts, type Outcome } from './tally.js'
import type { Answer, Task } from './task.js'

const SLOW_MICROSECONDS = 2_000_000
const ANSWER_MS = 250
const LONGEST_MESSAGE = 20_000

const opened = new Map<string, Promise<Reading>>()

function readingOf(name: string, folder: string): Promise<Reading> {
  const format = FORMATS.find(each => each.name === name)
  if (!format) throw new Error(`there is no format ${name}`)
  const reading = opened.get(name) ?? format.open(folder)
  opened.set(name, reading)
  return reading
}

interface Tried {
  readonly outcome: Outcome
  readonly message: string
}

async function tried(reading: Reading, input: unknown): Promise<Tried> {
  const before = process.cpuUsage()
  const found = await reading
    .read(input)
    .then(
      (changed): Tried =>
        changed === 'changed'
          ? { outcome: 'silent', message: 'was read as another' }
          : { outcome: 'read', message: '' },
      refusal
    )
  const { user, system } = process.cpuUsage(before)
  if (user + system <= SLOW_MICROSECONDS || !isRight(found.outcome)) return found
  return { outcome: 'slow', message: `took ${((user + system) / 1e6).toFixed(1)} s: ${found.message}` }
}

function refusal(error: unknown): Tried {
  if (!(error instanceof ResnetError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { outcome: 'untyped', message }
  }
  const { message } = error
  const isClean = message.length <= LONGEST_MESSAGE && !/[^\P{Cc}\n]/u.test(message)
  return isClean
    ? { outcome: 'refused', message }
    : { outcome: 'untyped', message: `its message is no sentence: ${JSON.stringify(message.slice(0, 400))}` }
}

async function run(task: Task): Promise<void> {
  const { format, seed, step, inputs } = task
  const reading = await readingOf(format, dirname(task.place))
  process.send?.({ counts: noCounts(), findings: [] } satisfies Answer)
  const place = openSync(task.place, 'w')
  const index = new Float64Array(1)
  const end = performance.now() + task.milliseconds
  let answered = performance.now()
  let answer: Answer & { findings: Answer['findings'][number][] } = { counts: noCounts(), findings: [] }
  const send = async (next?: number): Promise<void> => {
    process.send?.({ ...answer, ...(next !== undefined && { next }) })
    answer = { counts: noCounts(), findings: [] }
    answered = performance.now()
    // Lets the message go, and what was read be freed.
    await setImmediate()
  }
  let at = task.from
  for (let count = 0; count < inputs && performance.now() < end; count++, at += step) {
    index[0] = at
    writeSync(place, index, 0, 8, 0)
    const { outcome, message } = await tried(reading, reading.draw(new Random(seed, format, at)))
    answer.counts[outcome]++
    if (!isRight(outcome)) answer.findings.push({ format, index: at, outcome, message })
    if (performance.now() - answered > ANSWER_MS) await send()
  }
  await send(at)
}

process.on('message', (task: Task) => void run(task))
