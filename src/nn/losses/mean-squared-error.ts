import { mul, sub } from '../../ir/functional/elementwise.js'
import { mean } from '../../ir/functional/reduction.js'
import type { Loss } from './loss.js'

/** `(output − target)²`, averaged over everything (torch: `nn.MSELoss`). Shape: target as the output. */
export function meanSquaredError(): Loss {
  return {
    name: 'meanSquaredError',
    target: output => ({ kind: 'values', dtype: 'float32', shape: output }),
    apply(output, target) {
      const error = sub(output, target)
      return mean(mul(error, error))
    }
  }
}
