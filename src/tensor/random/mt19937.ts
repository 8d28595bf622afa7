// The Mersenne Twister (Matsumoto & Nishimura 1998), torch's generator on the CPU; skipped words are not tempered. Many
// words at once are made by simd/loops.wat.
import { LOOPS_CHUNK, LOOPS_DATA, randomLoops } from './simd/loops.js'

const { imul, min } = Math

const N = 624
const M = 397
const UPPER = 0x80000000
const LOWER = 0x7fffffff

export class Mt19937 {
  readonly #state = new Uint32Array(N)
  #next = N
  #position = 0

  /** @param seed only the low 32 bits are used. */
  constructor(seed: number) {
    const state = this.#state
    state[0] = seed
    for (let i = 1; i < N; i++) {
      const previous = state[i - 1] ^ (state[i - 1] >>> 30)
      state[i] = imul(1812433253, previous) + i
    }
  }

  get position(): number {
    return this.#position
  }

  clone(): Mt19937 {
    const copy = new Mt19937(0)
    copy.#state.set(this.#state)
    copy.#next = this.#next
    copy.#position = this.#position
    return copy
  }

  next(): number {
    if (this.#next === N) this.#twist()
    this.#position++
    return temper(this.#state[this.#next++])
  }

  /** Fills an array with the next words. */
  fill(words: Uint32Array): void {
    if (this.#fillFast(words, false)) return
    const state = this.#state
    let filled = 0
    while (filled < words.length) {
      if (this.#next === N) this.#twist()
      const block = min(words.length - filled, N - this.#next)
      for (let i = 0; i < block; i++) words[filled + i] = temper(state[this.#next + i])
      filled += block
      this.#next += block
    }
    this.#position += words.length
  }

  /** Fills an array with uniforms in [0, 1), each from the low 24 bits of the next word. */
  fillUniform(floats: Float32Array): void {
    if (this.#fillFast(floats, true)) return
    for (let i = 0; i < floats.length; i++) floats[i] = (this.next() & 0xffffff) * 2 ** -24
  }

  #fillFast(out: Uint32Array | Float32Array, isUniform: boolean): boolean {
    const loops = out.length < N ? undefined : randomLoops()
    if (!loops) return false
    loops.state.set(this.#state)
    const from = isUniform ? loops.floats : loops.words
    for (let done = 0; done < out.length; done += LOOPS_CHUNK) {
      const part = out.subarray(done, done + LOOPS_CHUNK)
      this.#next = loops.draw(this.#next, LOOPS_DATA, part.length, Number(isUniform))
      part.set(from.subarray(0, part.length))
    }
    this.#state.set(loops.state)
    this.#position += out.length
    return true
  }

  skip(count: number): void {
    const to = this.#next + count
    // A state whose words are all used is replaced when the next one is needed.
    const twists = Math.max(0, Math.ceil(to / N) - 1)
    const loops = twists > 0 ? randomLoops() : undefined
    if (loops) {
      loops.state.set(this.#state)
      loops.twist(twists)
      this.#state.set(loops.state)
    } else {
      for (let i = 0; i < twists; i++) this.#twist()
    }
    this.#next = to - twists * N
    this.#position += count
  }

  #twist(): void {
    const state = this.#state
    for (let i = 0; i < N - M; i++) state[i] = mix(state[i], state[i + 1], state[i + M])
    for (let i = N - M; i < N - 1; i++) state[i] = mix(state[i], state[i + 1], state[i + M - N])
    state[N - 1] = mix(state[N - 1], state[0], state[M - 1])
    this.#next = 0
  }
}

function mix(a: number, b: number, far: number): number {
  return far ^ (((a & UPPER) | (b & LOWER)) >>> 1) ^ (-(b & 1) & 0x9908b0df)
}

function temper(word: number): number {
  word ^= word >>> 11
  word ^= (word << 7) & 0x9d2c5680
  word ^= (word << 15) & 0xefc60000
  return (word ^ (word >>> 18)) >>> 0
}
