import { checkOptions, finiteNumber, listOf, type OptionsOf } from '../../base/options.js'
import { abs, add, exp, log, maximum, mul, neg, sub } from '../../ir/functional/elementwise.js'
import { mean } from '../../ir/functional/reduction.js'
import { constant } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { Tensor } from '../../tensor/tensor.js'
import type { Loss } from './loss.js'

const OPTIONS = {
  /** Weight of each output; default 1. */
  weight: listOf(finiteNumber),
  /** Weight of positive targets, per output; default 1. */
  posWeight: listOf(finiteNumber)
}

/** Options of `binaryCrossEntropyWithLogits`, with torch's meaning. */
export interface BinaryCrossEntropyOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * `−[t·log σ(x) + (1 − t)·log(1 − σ(x))]`, averaged over all outputs (torch: `nn.BCEWithLogitsLoss`).
 *
 * Shape: output (N, K), target (N, K) in 0 … 1; in training also (N) class indices 0 and 1 with a single output.
 */
export function binaryCrossEntropyWithLogits(options: BinaryCrossEntropyOptions = {}): Loss {
  const { weight, posWeight } = checkOptions('binaryCrossEntropyWithLogits', options, OPTIONS)
  return {
    name: 'binaryCrossEntropyWithLogits',
    target: output => ({ kind: 'answers', dtype: 'float32', shape: output }),
    apply(output, target) {
      // log(1 + e⁻ˣ) without overflow, for a large x of either sign.
      const unsure = add(log(add(exp(neg(abs(output))), 1)), maximum(neg(output), 0))
      const yes = posWeight ? add(mul(target, sub(rowOf(posWeight), 1)), 1) : undefined
      const loss = add(mul(sub(1, target), output), yes ? mul(yes, unsure) : unsure)
      return mean(weight ? mul(loss, rowOf(weight)) : loss)
    }
  }
}

function rowOf(numbers: readonly number[]): Value {
  return constant(new Tensor(Float32Array.from(numbers), [numbers.length], 'float32'))
}
