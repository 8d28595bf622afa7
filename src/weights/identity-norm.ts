// A normalisation that only adds a bias, in place of one that was folded into the convolution before it.
import type { StateDict } from '../tensor/state-dict.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'

/** What a normalisation adds to the variance: PyTorch's default, as folded ones do not say. */
export const FOLDED_EPS = 1e-5

/** gamma = 1, beta = the bias, mean = 0, and a variance that is 1 with eps. */
export function setIdentityNorm(state: StateDict, norm: string, bias: Tensor): void {
  const filled = (value: number): Tensor =>
    new Tensor(new Float32Array(sizeOf(bias.shape)).fill(value), bias.shape, 'float32')
  state.set(`${norm}.weight`, filled(1))
  state.set(`${norm}.bias`, bias)
  state.set(`${norm}.running_mean`, filled(0))
  state.set(`${norm}.running_var`, filled(1 - FOLDED_EPS))
  state.set(`${norm}.num_batches_tracked`, new Tensor(new BigInt64Array(1), [], 'int64'))
}
