// Networks that end in one linear layer called `fc`, as torchvision's residual ones do.
import type { Linear } from '../nn/layers/linear.js'
import { Module } from '../nn/module.js'
import { freshClassifier } from './fresh-classifier.js'

/** How far a network's head goes. */
export interface HeadOptions {
  /** Stop before the last layer; default false. */
  readonly preLogits?: boolean
}

/** A network whose last layer can be exchanged. */
export abstract class FcClassifier extends Module {
  abstract fc: Linear

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
