// torch's CPU generator: a seed and a position in its stream of words. A draw can be reserved and computed later, or never.
import { ShapeError } from '../../base/errors.js'
import { checkArguments, type Check } from '../../base/options.js'
import { allocate } from '../dtype.js'
import { NORMAL_BLOCK, normalBlocks, spreadUniforms } from './normal.js'
import { Mt19937 } from './mt19937.js'

const { fround, imul, min, floor } = Math

// Deferred draws may be read in any order; snapshots at regular intervals make seeking backwards cheap.
const SNAPSHOT_EVERY = 1 << 20

export const SEED: Check<number | bigint> = {
  expected: 'a whole number',
  accepts: seed => typeof seed === 'bigint' || Number.isInteger(seed)
}

/** A source of random numbers, bit for bit equal to torch on x86-64 with AVX2 (torch: `torch.Generator`, CPU). */
export class RandomGenerator {
  readonly #snapshots: Mt19937[]
  #reader: Mt19937
  #position = 0
  #spareNormal: number | undefined

  /** @param seed as for `torch.manual_seed`: only the low 32 bits are used, negative seeds wrap. */
  constructor(seed: number | bigint) {
    checkArguments('RandomGenerator', { seed }, { seed: SEED })
    this.#reader = new Mt19937(Number(BigInt.asUintN(32, BigInt(seed))))
    this.#snapshots = [this.#reader.clone()]
  }

  /** `size` float32 in [low, high) (torch: `uniform_`). */
  uniform(size: number, low = 0, high = 1): Float32Array {
    return this.#now(() => this.deferUniform(size, low, high)())
  }

  /** `size` normally distributed float32 (torch: `normal_`). */
  normal(size: number, mean = 0, std = 1): Float32Array {
    return this.#now(() => this.deferNormal(size, mean, std)())
  }

  /** The next `count` 32-bit words, from which all other draws are computed (torch: `CPUGeneratorImpl::random`). */
  words(count: number): Uint32Array {
    const words = new Uint32Array(count)
    this.#seek(this.#take(count)).fill(words)
    return words
  }

  /** Reserves the position of a `uniform` draw in the stream, and returns a function that computes it. */
  deferUniform(size: number, low = 0, high = 1): () => Float32Array {
    const start = this.#take(size)
    const range = fround(high - low)
    const from = fround(low)
    return () => {
      const out = allocate('float32', size)
      this.#seek(start).fillUniform(out)
      if (range !== 1 || from !== 0) spreadUniforms(out, from, range)
      return out
    }
  }

  /** Reserves the position of a `normal` draw in the stream, and returns a function that computes it. */
  deferNormal(size: number, mean = 0, std = 1): () => Float32Array {
    if (size < NORMAL_BLOCK) {
      // Small draws are made one by one in double precision and may leave a spare for the next, so they are not deferred.
      const out = Float32Array.from({ length: size }, () => this.nextNormal() * std + mean)
      return () => out.slice()
    }
    const start = this.#take(size)
    const isRagged = size % NORMAL_BLOCK !== 0
    const restart = isRagged ? this.#take(NORMAL_BLOCK) : start
    const [centre, spread] = [fround(mean), fround(std)]
    return () => {
      const out = allocate('float32', size)
      this.#seek(start).fillUniform(out)
      normalBlocks(out.subarray(0, size - (size % NORMAL_BLOCK)), centre, spread)
      if (isRagged) {
        // The last block is drawn again, overlapping the one before it.
        const tail = out.subarray(size - NORMAL_BLOCK)
        this.#seek(restart).fillUniform(tail)
        normalBlocks(tail, centre, spread)
      }
      return out
    }
  }

  /** A float64 in [0, 1): the low 53 bits of two words, the first one high (torch: `rand` of one float64). */
  nextDouble(): number {
    const reader = this.#seek(this.#take(2))
    const high = reader.next() & 0x1fffff
    return (high * 2 ** 32 + reader.next()) * 2 ** -53
  }

  /**
   * A normally distributed float64 (torch: `randn` of one float64). They are computed in pairs; the second is the next
   * draw. The last bit depends on the platform's rounding of sines.
   */
  nextNormal(): number {
    const spare = this.#spareNormal
    this.#spareNormal = undefined
    if (spare !== undefined) return spare
    const theta = 2 * Math.PI * this.nextDouble()
    const radius = Math.sqrt(-2 * Math.log1p(-this.nextDouble()))
    this.#spareNormal = radius * Math.sin(theta)
    return radius * Math.cos(theta)
  }

  /** A draw that finds no memory takes nothing from the stream: the next one would have to pass all of it. */
  #now(draw: () => Float32Array): Float32Array {
    const start = this.#position
    try {
      return draw()
    } catch (error) {
      this.#position = start
      throw error
    }
  }

  #take(words: number): number {
    if (!Number.isSafeInteger(words) || words < 0) {
      throw new ShapeError(`RandomGenerator: expected how many numbers to draw, got ${words}`)
    }
    const start = this.#position
    this.#position += words
    return start
  }

  /** A reader at a position in the stream, advanced from the nearest snapshot. */
  #seek(position: number): Mt19937 {
    // The first snapshot is at the start of the stream.
    const before = this.#snapshots.findLast(snapshot => snapshot.position <= position) ?? this.#snapshots[0]
    // Snapshots also serve forward seeks: otherwise an early draw between two late ones would be expensive.
    const { position: now } = this.#reader
    if (now > position || now < before.position) this.#reader = before.clone()
    while (this.#reader.position < position) {
      const boundary = (floor(this.#reader.position / SNAPSHOT_EVERY) + 1) * SNAPSHOT_EVERY
      this.#reader.skip(min(position, boundary) - this.#reader.position)
      const last = this.#snapshots[this.#snapshots.length - 1]
      if (this.#reader.position >= last.position + SNAPSHOT_EVERY) this.#snapshots.push(this.#reader.clone())
    }
    return this.#reader
  }
}

/** 0, 1, … `count` − 1 in random order: `torch.randperm(count)` for counts far below 2³². Shape: (count). */
export function permutation(count: number, generator: RandomGenerator): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index)
  generator.words(Math.max(0, count - 1)).forEach((word, place) => {
    const other = place + (word % (count - place))
    const moved = order[place]
    order[place] = order[other]
    order[other] = moved
  })
  return order
}

/**
 * A 32-bit seed for one place in a run, such as `deriveSeed(seed, epoch, index)`, so that its draws do not depend on earlier
 * ones and a run can resume anywhere; different places rarely share one (the finaliser of MurmurHash3, Appleby 2008).
 */
export function deriveSeed(seed: number, ...place: readonly number[]): number {
  return place.reduce((hash, number) => scramble(hash ^ scramble(number + 0x9e3779b9)), scramble(seed))
}

function scramble(value: number): number {
  let hash = value >>> 0
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
