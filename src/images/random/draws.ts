// Random draws of augmentation, which consume the generator as torch does.
import type { RandomGenerator } from '../../tensor/random/generator.js'

/** True with probability `p` (torch: `torch.rand(1) < p`). */
export function chance(generator: RandomGenerator, p: number): boolean {
  // torch compares in float32.
  return generator.uniform(1)[0] < Math.fround(p)
}

/** A float32 in [low, high) (torch: `torch.empty(1).uniform_(low, high)`). */
export function between(generator: RandomGenerator, low: number, high: number): number {
  return generator.uniform(1, Math.fround(low), Math.fround(high))[0]
}

/** A whole number from 0 to `count` − 1 (torch: `torch.randint(count, (1,))`). */
export function below(generator: RandomGenerator, count: number): number {
  return generator.words(1)[0] % count
}
