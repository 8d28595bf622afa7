// A network's last layer anew, for other classes than it was trained on.
import { Linear } from '../nn/layers/linear.js'
import type { Module } from '../nn/module.js'
import { ResnetError } from '../base/errors.js'

/**
 * A linear layer that takes what another took and gives `numClasses` outputs, drawn as torch draws an `nn.Linear`.
 * It is in the other's mode, and trainable even where the other was frozen: that is what it is made for.
 * @throws ResnetError unless `numClasses` is a whole number above 0.
 */
export function freshClassifier(old: Module | undefined, numClasses: number): Linear {
  if (!(old instanceof Linear)) {
    throw new ResnetError(`resetClassifier: the last layer is ${old?.typeName ?? 'missing'}, expected Linear`)
  }
  if (!Number.isSafeInteger(numClasses) || numClasses < 1) {
    throw new ResnetError(`resetClassifier: expected a whole number of classes above 0, got ${numClasses}`)
  }
  return new Linear(old.inFeatures, numClasses, { bias: old.bias !== undefined }).train(old.training)
}
