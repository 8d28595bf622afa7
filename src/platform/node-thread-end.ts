// When a thread may end. One that is ended while an addon computes takes the whole process with it: the addon then throws
// where nobody can catch it. So a thread says when it is at work, and whoever wants it gone lets it end after that.

const [IDLE, WORKING, ENDING, ENDED] = [0, 1, 2, 3]
/** How long a process that exits waits for the work of a thread. */
const PATIENCE_MS = 30_000

/** What a thread and its owner agree on. */
export class ThreadEnd {
  /** To be given to the thread. */
  readonly memory: Int32Array

  /** @param memory the owner's; without it a new one, of a thread that starts: it loads its addons. */
  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(4)).fill(WORKING)) {
    this.memory = memory
  }

  /** In the thread, before work: whether there may still be some. */
  begin(): boolean {
    return Atomics.compareExchange(this.memory, 0, IDLE, WORKING) === IDLE
  }

  /** In the thread, after work: whether there may be more. If not, it is to end itself. */
  finish(): boolean {
    if (Atomics.compareExchange(this.memory, 0, WORKING, IDLE) === WORKING) return true
    Atomics.store(this.memory, 0, ENDED)
    Atomics.notify(this.memory, 0)
    return false
  }

  /** By its owner: whether it can be ended now. If not, it ends itself after its work. */
  ask(): boolean {
    Atomics.compareExchange(this.memory, 0, WORKING, ENDING)
    return Atomics.compareExchange(this.memory, 0, IDLE, ENDED) === IDLE
  }

  /** By its owner: asks, and blocks until its work is done. */
  wait(): void {
    if (!this.ask()) Atomics.wait(this.memory, 0, ENDING, PATIENCE_MS)
  }
}
