// A normalisation that only adds a bias, in place of one that was folded into the convolution before it.
import type { StateDict } from '../tensor/state-dict.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'

/** What a normalisation adds to the variance: PyTorch's default, as folded ones do not say. */
export const FOLDED_EPS = 1e-5

/** gamma = 1, beta = the bias, mean = 0, and a variance that is 1 with eps. */
export function setIdentityNorm(state: StateDict, norm: string, bias: Tensor): void {
  state.set(`${norm}.weight`, filled(1, bias.shape))
  state.set(`${norm}.bias`, bias)
  setIdentityStatistics(state, norm, bias.shape)
  state.set(`${norm}.num_batches_tracked`, new Tensor(new BigInt64Array(1), [], 'int64'))
}

/** Statistics that change nothing: mean = 0, and a variance that is 1 with eps. */
export function setIdentityStatistics(state: StateDict, norm: string, shape: readonly number[]): void {
  state.set(`${norm}.running_mean`, filled(0, shape))
  state.set(`${norm}.running_var`, filled(1 - FOLDED_EPS, shape))
}

function filled(value: number, shape: readonly number[]): Tensor {
  return new Tensor(new Float32Array(sizeOf(shape)).fill(value), shape, 'float32')
}
