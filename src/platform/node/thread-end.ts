// When a thread may end. One that is ended while an addon computes takes the whole process with it: the addon then throws
// where nobody can catch it. So a thread says when it is at work, and whoever wants it gone lets it end after that.

const [IDLE, STARTING, WORKING, ENDING, ENDED] = [0, 1, 2, 3, 4]
/** How long a process that exits waits for the work of its threads. */
const PATIENCE_MS = 30_000
/** And for one that only starts: it loads its addons, or has failed to, which nobody can tell meanwhile. */
const PATIENCE_AT_START_MS = 2000

/** What a thread and its owner agree on. */
export class ThreadEnd {
  /** To be given to the thread. */
  readonly memory: Int32Array
  #patienceMs = 0

  /** @param memory the owner's; without it a new one, of a thread that starts. */
  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(4)).fill(STARTING)) {
    this.memory = memory
  }

  /** In the thread, before work: whether there may still be some. */
  begin(): boolean {
    return this.#became(IDLE, WORKING)
  }

  /** In the thread, after its start and after work: whether there may be more. If not, it is to end itself. */
  finish(): boolean {
    if (this.#became(STARTING, IDLE) || this.#became(WORKING, IDLE)) return true
    this.close()
    return false
  }

  /** In the thread, at its end, whatever it comes of. */
  close(): void {
    Atomics.store(this.memory, 0, ENDED)
    Atomics.notify(this.memory, 0)
  }

  /** By its owner: asks it to end. Until it has, it is not to be ended; what it gives is how long to wait for that. */
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
