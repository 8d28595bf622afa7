// A classifier's first and last layer. Code that adapts networks asks for these instead of a list of names.
import { aNetwork } from '../nn/module/check-network.js'
import { flatten } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'
import { Linear } from '../nn/layers/linear.js'
import { Module } from '../nn/module/module.js'
import { ResnetError } from '../base/errors.js'
import { aBoolean, checkOptions, shown, type OptionsOf, checkArguments } from '../base/options.js'

/** A network that names its stem and its head; a network of your own may implement it. */
export interface WithHead extends Module {
  /** The dotted name of the input module, such as `conv1`; several convolutions in it count as one layer. */
  readonly stem: string
  /** The dotted name of the last linear layer, such as `fc`. */
  readonly head: string
  /** Replaces the head for another number of outputs. */
  resetClassifier(numClasses: number): this
}

export function hasHead(net: Module): net is WithHead {
  checkArguments('hasHead', { net }, { net: aNetwork })
  const { stem, head, resetClassifier } = net as Partial<Record<keyof WithHead, unknown>>
  return typeof stem === 'string' && typeof head === 'string' && typeof resetClassifier === 'function'
}

export const HEAD_OPTIONS = {
  /** Stop before the last layer; default false. */
  preLogits: aBoolean
}

/** Options of `forwardHead`. */
export interface HeadOptions extends OptionsOf<typeof HEAD_OPTIONS> {}

/** A network of features and a linear layer `fc`, as in torchvision. */
export abstract class FcClassifier extends Module implements WithHead {
  readonly stem: string = 'conv1'
  readonly head: string = 'fc'
  abstract readonly avgpool: Module
  abstract fc: Linear

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  abstract forwardFeatures(x: Value): Value

  /**
   * The head (timm: `forward_head`). Shape: (N, C, h, w) → (N, numClasses).
   * @param options `preLogits`: stop before `fc`, at (N, C).
   */
  forwardHead(x: Value, options: HeadOptions = {}): Value {
    const { preLogits = false } = checkOptions('forwardHead', options, HEAD_OPTIONS)
    x = flatten(this.avgpool(x), 1)
    return preLogits ? x : this.fc(x)
  }

  forward(x: Value): Value {
    return this.forwardHead(this.forwardFeatures(x))
  }

  /**
   * Replaces `fc` for another number of outputs (timm: `reset_classifier`), drawn as by torch's `net.fc = nn.Linear(…)`.
   * @throws ResnetError unless `numClasses` is a whole number above 0.
   */
  resetClassifier(numClasses: number): this {
    this.fc = freshHead(this.fc, numClasses)
    return this
  }
}

/**
 * A new linear layer with `numClasses` outputs in place of another, drawn as torch's `nn.Linear`, in the same mode and trainable.
 * @throws ResnetError unless `numClasses` is a whole number above 0.
 */
export function freshHead(old: Module | undefined, numClasses: number): Linear {
  if (!(old instanceof Linear)) {
    throw new ResnetError(`resetClassifier: the last layer is ${old?.typeName ?? 'missing'}, expected Linear`)
  }
  assertClasses(numClasses)
  return new Linear(old.inFeatures, numClasses, { bias: old.bias !== undefined }).train(old.training)
}

/** @throws ResnetError, of `resetClassifier`, unless it is a whole number above 0. */
export function assertClasses(numClasses: number): void {
  if (Number.isSafeInteger(numClasses) && numClasses >= 1) return
  throw new ResnetError(
    `resetClassifier: expected a whole number of classes above 0, got ${shown(numClasses)}`
  )
}
