// Class probabilities on the host: one-hot labels, and what a network's outputs mean.
import { zeros, type Tensor } from './tensor.js'

const { exp, max } = Math

/**
 * A one in each row, at the index of its class (torch: `nn.functional.one_hot`). Shape: (N) → (N, classes).
 *
 * PyTorch difference: an index out of range, such as an ignored one, becomes a row of zeros.
 */
export function oneHot(indices: ArrayLike<number>, classes: number): Tensor<'float32'> {
  const rows = zeros([indices.length, classes])
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row]
    if (index >= 0 && index < classes) rows.data[row * classes + index] = 1
  }
  return rows
}

/**
 * What an image's outputs mean as probabilities, in float64: their softmax, the sigmoid of a single output (yes or no), and
 * with `multiLabel` the sigmoid of each.
 */
export function scoresOf(outputs: ArrayLike<number>, multiLabel = false): number[] {
  return multiLabel || outputs.length === 1 ? Array.from(outputs, sigmoid) : softmax(outputs)
}

/** `1 / (1 + e⁻ˣ)`; NaN for infinity, which no finite weights give, as in `softmax`. */
function sigmoid(x: number): number {
  return Number.isFinite(x) ? 1 / (1 + exp(-x)) : NaN
}

/** `eˣ / Σ eˣ` in float64, without overflow. */
export function softmax(scores: ArrayLike<number>): number[] {
  const all = Array.from(scores)
  const highest = all.reduce((a, b) => max(a, b), -Infinity)
  const powers = all.map(score => exp(score - highest))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map(power => power / total)
}
