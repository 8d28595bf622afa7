// Memory that went to the worker with an input and came back: to use it again is twenty times as quick as new memory,
// which the system has to map and clear.

// Calls that overlap have a buffer each; more than a few never do.
const MAX_KEPT = 4

/** Buffers to copy inputs into. */
export class SpareBuffers {
  readonly #kept: ArrayBuffer[] = []

  /** A buffer of exactly this size, its content whatever it was. */
  take(byteLength: number): ArrayBuffer {
    const index = this.#kept.findIndex(buffer => buffer.byteLength === byteLength)
    return index < 0 ? new ArrayBuffer(byteLength) : this.#kept.splice(index, 1)[0]
  }

  /** Keeps buffers for later, in place of those that were not asked for longest. */
  give(buffers: readonly ArrayBuffer[]): void {
    this.#kept.push(...buffers)
    this.#kept.splice(0, this.#kept.length - MAX_KEPT)
  }
}
