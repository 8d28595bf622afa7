// Initialisation as in torch.nn.init. Each draw advances the generator at once, but values are computed on first read,
// so a network built only to load weights into computes none.
import { allocate } from '../tensor/dtype.js'
import { defaultGenerator } from '../tensor/random/random.js'
import type { RandomGenerator } from '../tensor/random/generator.js'
import { ResnetError } from '../base/errors.js'
import { sizeOf } from '../tensor/tensor.js'
import type { Parameter } from './module/parameter.js'

/** The nonlinearity after the layer, which decides the gain. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu'

/** Options of the Kaiming initialisations. */
export interface KaimingOptions {
  /** Negative slope of a leaky ReLU; default 0. */
  readonly a?: number
  /** Keep the variance of the forward (`fan_in`, default) or the backward pass (`fan_out`). */
  readonly mode?: 'fan_in' | 'fan_out'
  /** Default `leaky_relu`. */
  readonly nonlinearity?: Nonlinearity
  readonly generator?: RandomGenerator
}

/** The recommended gain for a nonlinearity (torch: `calculate_gain`). */
export function calculateGain(nonlinearity: Nonlinearity, a = 0.01): number {
  if (nonlinearity === 'tanh') return 5 / 3
  if (nonlinearity === 'relu') return Math.SQRT2
  if (nonlinearity === 'leaky_relu') return Math.sqrt(2 / (1 + a ** 2))
  return 1
}

/** Fan-in and fan-out of a weight; groups are not divided out, as in torch. */
export function calculateFan(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2)
    throw new ResnetError(`init: a fan needs at least two dimensions, got ${shape.length}`)
  const [out, into, ...window] = shape
  return { fanIn: into * sizeOf(window), fanOut: out * sizeOf(window) }
}

function standardDeviation(
  parameter: Parameter,
  { a = 0, mode, nonlinearity = 'leaky_relu' }: KaimingOptions
): number {
  const { fanIn, fanOut } = calculateFan(parameter.shape)
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_out' ? fanOut : fanIn)
}

/** Normal with variance gain² / fan (He et al. 2015, arXiv:1502.01852; torch: `kaiming_normal_`). */
export function kaimingNormal(parameter: Parameter, options: KaimingOptions = {}): void {
  normal(parameter, 0, standardDeviation(parameter, options), options.generator)
}

/** Uniform with variance gain² / fan (torch: `kaiming_uniform_`). */
export function kaimingUniform(parameter: Parameter, options: KaimingOptions = {}): void {
  const bound = Math.sqrt(3) * standardDeviation(parameter, options)
  uniform(parameter, -bound, bound, options.generator)
}

/** Uniform in [low, high) (torch: `uniform_`). */
export function uniform(parameter: Parameter, low = 0, high = 1, generator = defaultGenerator()): void {
  parameter.initialise(generator.deferUniform(sizeOf(parameter.shape), low, high))
}

/** Normally distributed (torch: `normal_`). */
export function normal(parameter: Parameter, mean = 0, std = 1, generator = defaultGenerator()): void {
  parameter.initialise(generator.deferNormal(sizeOf(parameter.shape), mean, std))
}

/** Fills with a constant (torch: `constant_`). */
export function constant(parameter: Parameter, value: number): void {
  parameter.initialise(() => allocate('float32', sizeOf(parameter.shape)).fill(value))
}

/** Fills with ones (torch: `ones_`). */
export function ones(parameter: Parameter): void {
  constant(parameter, 1)
}

/** Fills with zeros (torch: `zeros_`). */
export function zeros(parameter: Parameter): void {
  constant(parameter, 0)
}
