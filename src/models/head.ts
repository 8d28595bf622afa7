// What a classifying network says about itself: its first and its last layer. Code that adapts a network to other images or
// classes asks the network instead of keeping a list of names.
import { flatten } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'
import { Linear } from '../nn/layers/linear.js'
import { Module } from '../nn/module.js'
import { ResnetError } from '../base/errors.js'

/** A network that names its stem and its head; a network of your own may implement it. */
export interface WithHead extends Module {
  /** The module that takes the image, by its dotted name: `conv1`. Several convolutions in it count as one layer. */
  readonly stem: string
  /** The last linear layer, with one output for each class: `fc`. */
  readonly head: string
  /** Gives the network another number of outputs; everything before its head keeps its weights. */
  resetClassifier(numClasses: number): this
}

/** Whether a network names its stem and its head. */
export function hasHead(net: Module): net is WithHead {
  const { stem, head, resetClassifier } = net as Partial<Record<keyof WithHead, unknown>>
  return typeof stem === 'string' && typeof head === 'string' && typeof resetClassifier === 'function'
}

/** How far a network's head goes. */
export interface HeadOptions {
  /** Stop before the last layer; default false. */
  readonly preLogits?: boolean
}

/** A network of two halves, features and a head, that ends in one linear layer called `fc`, as torchvision's do. */
export abstract class FcClassifier extends Module implements WithHead {
  readonly stem: string = 'conv1'
  readonly head: string = 'fc'
  abstract readonly avgpool: Module
  abstract fc: Linear

  /** Everything before the pooling (timm: `forward_features`). Shape: (N, inChannels, H, W) → (N, C, h, w). */
  abstract forwardFeatures(x: Value): Value

  /**
   * From the last features to the result (timm: `forward_head`). Shape: (N, C, h, w) → (N, numClasses).
   * @param options `preLogits`: stop before `fc`, at (N, C).
   */
  forwardHead(x: Value, { preLogits = false }: HeadOptions = {}): Value {
    x = flatten(this.avgpool(x), 1)
    return preLogits ? x : this.fc(x)
  }

  forward(x: Value): Value {
    return this.forwardHead(this.forwardFeatures(x))
  }

  /**
   * Gives the network another number of outputs (timm: `reset_classifier`): `fc` becomes a new layer, drawn as torch's
   * `net.fc = nn.Linear(…)` would; everything before it keeps its weights.
   * @throws ResnetError unless `numClasses` is a whole number above 0.
   */
  resetClassifier(numClasses: number): this {
    this.fc = freshHead(this.fc, numClasses)
    return this
  }
}

/**
 * A linear layer that takes what another took and gives `numClasses` outputs, drawn as torch draws an `nn.Linear`.
 * It has the other's mode, and is trainable even if the other was frozen.
 * @throws ResnetError unless `numClasses` is a whole number above 0.
 */
export function freshHead(old: Module | undefined, numClasses: number): Linear {
  if (!(old instanceof Linear)) {
    throw new ResnetError(`resetClassifier: the last layer is ${old?.typeName ?? 'missing'}, expected Linear`)
  }
  if (!Number.isSafeInteger(numClasses) || numClasses < 1) {
    throw new ResnetError(`resetClassifier: expected a whole number of classes above 0, got ${numClasses}`)
  }
  return new Linear(old.inFeatures, numClasses, { bias: old.bias !== undefined }).train(old.training)
}
