// Random tensors, and the process's default generator.
import { checkOptions, instanceOf, type Checks } from '../../base/options.js'
import { Generator } from './generator.js'
import { sizeOf, Tensor } from '../tensor.js'

let current = new Generator(crypto.getRandomValues(new Uint32Array(1))[0])

/** The default generator of initialisation and `rand`, seeded at random when the process starts. */
export function defaultGenerator(): Generator {
  return current
}

/**
 * Seeds the default generator (torch: `torch.manual_seed`).
 *
 * @example
 * manualSeed(0)
 * const net = resnet18() // the weights of torch.manual_seed(0); torchvision.models.resnet18()
 */
export function manualSeed(seed: number | bigint): Generator {
  current = new Generator(seed)
  return current
}

/** Runs `work` with a separate default generator, so that the current one does not advance. */
export function drawingApart<T>(work: () => T): T {
  const kept = current
  current = new Generator(0)
  try {
    return work()
  } finally {
    current = kept
  }
}

/** Options of random tensors. */
export interface RandomOptions {
  readonly generator?: Generator
}

const OPTIONS: Checks<RandomOptions> = { generator: instanceOf(Generator) }

/** Uniform in [0, 1) (torch: `torch.rand`). */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor<'float32'> {
  const { generator = current } = checkOptions('rand', options, OPTIONS)
  return new Tensor(generator.uniform(sizeOf(shape)), shape, 'float32')
}

/** Normal with mean 0 and variance 1 (torch: `torch.randn`). */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor<'float32'> {
  const { generator = current } = checkOptions('randn', options, OPTIONS)
  return new Tensor(generator.normal(sizeOf(shape)), shape, 'float32')
}
