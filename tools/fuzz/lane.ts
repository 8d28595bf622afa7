// One process that tries inputs, watched and started again when an input hangs it or ends it.
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noCounts, type Counts } from './tally.js'
import type { Answer, Task } from './task.js'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
// Of silence; the processor time of an input is what it measures itself.
const HUNG_MS = 30_000
// Starting a process and making a format's files takes longer than any input on a busy machine.
const OPENING_MS = 180_000
const MEMORY_MB = 2048
// In memory where the system has a place for that: writing a file again costs a disk more time than most inputs take.
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export class Lane {
  readonly #folder = mkdtempSync(join(PLACE, 'resnet-fuzz-'))
  readonly #place = join(this.#folder, 'place')
  readonly #hear: (format: string, answer: Answer) => void
  #child: ChildProcess | undefined

  constructor(hear: (format: string, answer: Answer) => void) {
    this.#hear = hear
  }

  /** @returns the input after the last one that was tried. */
  async run(task: Omit<Task, 'place'>): Promise<number> {
    const child = (this.#child ??= started())
    return new Promise(resolve => {
      let timer: NodeJS.Timeout
      const wait = (milliseconds: number): void => {
        clearTimeout(timer)
        timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
      }
      const stop = (next: number): void => {
        clearTimeout(timer)
        child.off('message', hear).off('exit', lose)
        resolve(next)
      }
      const hear = (answer: Answer): void => {
        wait(HUNG_MS)
        this.#hear(task.format, answer)
        if (answer.next !== undefined) stop(answer.next)
      }
      const lose = (code: number | null, signal: string | null): void => {
        this.#child = undefined
        const index = this.#index() ?? task.from
        const how = signal === 'SIGKILL' ? 'did not end' : `ended the process with ${signal ?? code}`
        const counts: Counts = { ...noCounts(), hung: 1 }
        const finding = { format: task.format, index, outcome: 'hung', message: how } as const
        this.#hear(task.format, { counts, findings: [finding] })
        stop(index + task.step)
      }
      child.on('message', hear).on('exit', lose)
      wait(OPENING_MS)
      child.send({ ...task, place: this.#place })
    })
  }

  /** Undefined before the first input. */
  #index(): number | undefined {
    if (!existsSync(this.#place)) return undefined
    const bytes = new Uint8Array(readFileSync(this.#place))
    return bytes.length === 8 ? new Float64Array(bytes.buffer)[0] : undefined
  }

  end(): void {
    this.#child?.removeAllListeners('exit')
    this.#child?.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function started(): ChildProcess {
  return fork(WORKER, {
    execArgv: [...process.execArgv, `--max-old-space-size=${MEMORY_MB}`],
    serialization: 'advanced'
  })
}
