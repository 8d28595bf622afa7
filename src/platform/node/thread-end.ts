// Terminating a thread while a native addon computes aborts the process, so owners wait until a thread is idle.

const [IDLE, STARTING, WORKING, ENDING, ENDED] = [0, 1, 2, 3, 4]
/** How long an exiting process waits for working threads. */
const PATIENCE_MS = 30_000
/** The same for a starting thread, which may have failed to load its addons. */
const PATIENCE_AT_START_MS = 2000

/** State shared by a thread and its owner. */
export class ThreadEnd {
  /** To pass to the thread. */
  readonly memory: Int32Array
  #patienceMs = 0

  /** @param memory the owner's; without it a new one, of a thread that starts. */
  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(4)).fill(STARTING)) {
    this.memory = memory
  }

  /** In the thread, before work: whether it may still start some. */
  begin(): boolean {
    return this.#became(IDLE, WORKING)
  }

  /** In the thread, after its start and after work: whether it may continue; otherwise it must end itself. */
  finish(): boolean {
    if (this.#became(STARTING, IDLE) || this.#became(WORKING, IDLE)) return true
    this.close()
    return false
  }

  /** In the thread, when it ends for any reason. */
  close(): void {
    Atomics.store(this.memory, 0, ENDED)
    Atomics.notify(this.memory, 0)
  }

  /** By its owner: asks it to end. Returns how long to wait for it; until then it must not be terminated. */
  ask(): number {
    if (this.#became(STARTING, ENDING)) this.#patienceMs = PATIENCE_AT_START_MS
    else if (this.#became(WORKING, ENDING)) this.#patienceMs = PATIENCE_MS
    else this.#became(IDLE, ENDED)
    return Atomics.load(this.memory, 0) === ENDING ? this.#patienceMs : 0
  }

  /** By its owner: blocks until it has ended its work. */
  wait(patienceMs: number): void {
    Atomics.wait(this.memory, 0, ENDING, patienceMs)
  }

  #became(before: number, after: number): boolean {
    return Atomics.compareExchange(this.memory, 0, before, after) === before
  }
}
