// Networks that end in one linear layer called `fc`, as torchvision's residual ones do.
import { flatten } from '../ir/functional/shaping.js'
import type { Value } from '../ir/ops.js'
import type { Linear } from '../nn/layers/linear.js'
import { Module } from '../nn/module.js'
import { freshClassifier } from './fresh-classifier.js'

/** How far a network's head goes. */
export interface HeadOptions {
  /** Stop before the last layer; default false. */
  readonly preLogits?: boolean
}

/** A network of two halves, features and a head, whose last layer can be exchanged. */
export abstract class FcClassifier extends Module {
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

  /**
   * Gives the network another number of outputs (timm: `reset_classifier`): `fc` becomes a new layer, drawn as torch's
   * `net.fc = nn.Linear(…)` would; everything before it keeps its weights.
   * @throws ResnetError unless `numClasses` is a whole number above 0.
   */
  resetClassifier(numClasses: number): this {
    this.fc = freshClassifier(this.fc, numClasses)
    return this
  }
}
