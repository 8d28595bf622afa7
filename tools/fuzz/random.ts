// Random choices that are the same for the same input on every machine, and cheap to start anew for each.

/** What one input is drawn with. */
export class Random {
  #state: number

  /** The choices of one input of a format. */
  constructor(seed: number, format: string, index: number) {
    let hash = 0x811c9dc5 ^ seed
    for (const char of `${format} ${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
    this.#state = hash
  }

  /** Mulberry32: 32 bits. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    return Math.floor((this.bits() / 2 ** 32) * bound)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]
  }

  /** Once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}
