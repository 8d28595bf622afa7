// Random tensors, and the process's default generator.
import { checkArguments, checkOptions, instanceOf, type OptionsOf } from '../../base/options.js'
import { RandomGenerator, SEED } from './generator.js'
import { checkedSize, Tensor } from '../tensor.js'

let current = new RandomGenerator(crypto.getRandomValues(new Uint32Array(1))[0])

/** The generator that initialisation and `rand` draw from when none is named; seeded at random at the start. */
export function defaultGenerator(): RandomGenerator {
  return current
}

/**
 * Seeds the default generator (torch: `torch.manual_seed`).
 *
 * @example
 * manualSeed(0)
 * const net = resnet18() // the weights of torch.manual_seed(0); torchvision.models.resnet18()
 */
export function manualSeed(seed: number | bigint): RandomGenerator {
  checkArguments('manualSeed', { seed }, { seed: SEED })
  current = new RandomGenerator(seed)
  return current
}

/** Runs `work` with a separate default generator, so that the current one does not advance. */
export function drawingApart<T>(work: () => T): T {
  const kept = current
  current = new RandomGenerator(0)
  try {
    return work()
  } finally {
    current = kept
  }
}

const OPTIONS = {
  generator: instanceOf(RandomGenerator)
}

/** Options of random tensors. */
export interface RandomOptions extends OptionsOf<typeof OPTIONS> {}

/** Uniform in [0, 1) (torch: `torch.rand`). */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor<'float32'> {
  const { generator = current } = checkOptions('rand', options, OPTIONS)
  return new Tensor(generator.uniform(checkedSize(shape, 'rand')), shape, 'float32')
}

/** Normal with mean 0 and variance 1 (torch: `torch.randn`). */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor<'float32'> {
  const { generator = current } = checkOptions('randn', options, OPTIONS)
  return new Tensor(generator.normal(checkedSize(shape, 'randn')), shape, 'float32')
}
