// Processes that begin to train in one folder at the same moment: one of them does.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const RACERS = 5
const RACES = 100
const GONE = 2 ** 31 - 2

const racers: ChildProcess[] = []
let folder: string

const said = (racer: ChildProcess): Promise<unknown> => new Promise(resolve => racer.once('message', resolve))
const tell = (racer: ChildProcess, what: string): Promise<unknown> => {
  const answer = said(racer)
  racer.send(what)
  return answer
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-races-'))
  const script = fileURLToPath(new URL('../../src/cli/testing/lock-racer.ts', import.meta.url))
  for (let i = 0; i < RACERS; i++) racers.push(fork(script, { execArgv: ['--import', 'tsx'] }))
  await Promise.all(racers.map(said))
})
afterAll(async () => {
  for (const racer of racers) racer.kill()
  await rm(folder, { recursive: true })
})

const [DEAD, SECOND] = [1, 2].map(digit => `${digit}0000000-0000-4000-8000-000000000000`)
const lockOf = (id: string): string => JSON.stringify({ id, pid: GONE, started: '1', host: hostname() })

it.each<[string, (place: string) => Promise<void>]>([
  ['nobody holds', async () => {}],
  ['a dead process holds', place => writeFile(join(place, '.lock'), lockOf(DEAD))],
  [
    'one dead process has begun to take over from another',
    async place => {
      await writeFile(join(place, '.lock'), lockOf(DEAD))
      await writeFile(join(place, `.lock.${DEAD}`), lockOf(SECOND))
    }
  ]
])(`one of ${RACERS} gets a lock that %s, in ${RACES} of ${RACES} races`, async (what, prepare) => {
  const outcomes = new Map<string, number>()
  for (let race = 0; race < RACES; race++) {
    const place = join(folder, `${what.replaceAll(' ', '-')}-${race}`)
    await mkdir(place)
    await prepare(place)
    const answers = await Promise.all(racers.map(racer => tell(racer, place)))
    const outcome = answers.sort().join()
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    await Promise.all(racers.map(racer => tell(racer, '')))
  }
  const one = ['taken', ...Array<string>(RACERS - 1).fill('refused')].sort().join()
  expect(Object.fromEntries(outcomes)).toEqual({ [one]: RACES })
})
