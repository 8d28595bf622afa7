// Seeds of seeds: each epoch, sample or step draws from a generator of its own, so that what it draws depends on where
// it stands and not on what was drawn before it. A run can then be taken up anywhere.

/**
 * A 32-bit seed for one place in a run, such as `deriveSeed(seed, epoch, index)`; different places give different seeds,
 * as far as 32 bits go (the finaliser of MurmurHash3, Appleby 2008).
 */
export function deriveSeed(seed: number, ...place: readonly number[]): number {
  return place.reduce((hash, number) => scramble(hash ^ scramble(number + 0x9e3779b9)), scramble(seed))
}

function scramble(value: number): number {
  let hash = value >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
