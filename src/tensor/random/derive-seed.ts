// Derives a seed for each epoch, sample or step, so that its draws do not depend on earlier draws and a run can resume
// anywhere.

/**
 * A 32-bit seed for one place in a run, such as `deriveSeed(seed, epoch, index)`; different places have different seeds,
 * up to collisions of 32-bit hashes (the finaliser of MurmurHash3, Appleby 2008).
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
