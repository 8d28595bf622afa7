// Reads pickles and raw numbers in sequence. A pickle's length is unknown, so it is read in growing windows of the file.
import { Fault } from '../../base/errors.js'
import type { ByteSource } from '../bytes.js'
import { MAX_PICKLE_BYTES, unpickle } from './unpickle.js'
import { PickleEndsEarly, type PickleHost } from './pickle-machine.js'

const FIRST_WINDOW = 16 * 2 ** 10
const GROWTH = 8

/** Reads a part of a file sequentially. */
export class PickleStream {
  /** The current offset from the start of the file. */
  position: number
  readonly #source: ByteSource
  readonly #end: number
  #window: Uint8Array = new Uint8Array(0)
  #windowStart = 0

  constructor(source: ByteSource, position = 0, end = source.size) {
    this.#source = source
    this.position = position
    this.#end = end
  }

  /**
   * The next pickle. Its host may be called repeatedly, for larger windows.
   * @throws Fault when it is invalid or too long.
   */
  async unpickle(host: PickleHost): Promise<unknown> {
    for (let length = FIRST_WINDOW; ; length = Math.min(length * GROWTH, MAX_PICKLE_BYTES)) {
      try {
        const { value, end } = unpickle(this.#window, host, this.position - this.#windowStart)
        this.position = this.#windowStart + end
        return value
      } catch (error) {
        if (!(error instanceof PickleEndsEarly)) throw error
        const rest = this.#end - this.position
        if (this.#windowStart === this.position && this.#window.length >= rest) throw error
        if (this.#windowStart === this.position && this.#window.length >= MAX_PICKLE_BYTES) {
          throw new Fault(`its pickle is longer than ${MAX_PICKLE_BYTES} bytes`)
        }
        await this.#fill(Math.min(length, rest))
      }
    }
  }

  /** The next `length` bytes. */
  async bytes(length: number): Promise<Uint8Array> {
    this.#assertRest(length)
    if (!this.#holds(length))
      await this.#fill(Math.min(Math.max(length, FIRST_WINDOW), this.#end - this.position))
    const start = this.position - this.#windowStart
    this.position += length
    return this.#window.subarray(start, start + length)
  }

  /** Skips bytes. */
  skip(length: number): void {
    this.#assertRest(length)
    this.position += length
  }

  #assertRest(length: number): void {
    if (!(length >= 0 && this.position + length <= this.#end)) {
      throw new Fault(
        `is truncated: it needs ${length} bytes at byte ${this.position} and ends at ${this.#end}`
      )
    }
  }

  #holds(length: number): boolean {
    const start = this.position - this.#windowStart
    return start >= 0 && start + length <= this.#window.length
  }

  async #fill(length: number): Promise<void> {
    this.#window = await this.#source.read(this.position, length)
    this.#windowStart = this.position
  }
}
