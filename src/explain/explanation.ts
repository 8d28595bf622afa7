import { ResnetError } from '../base/errors.js'
import {
  aBoolean,
  aString,
  positiveInteger,
  required,
  type MakeFault,
  type OptionsOf
} from '../base/options.js'
import { anInputShape } from '../nn/module/check-network.js'
import { ENGINE_CHOICE } from '../runtime/engine.js'
import type { FloatTensor } from '../tensor/tensor.js'

/** An explanation that is not possible: no feature map, an unknown class, an invalid option. */
export class ExplainError extends ResnetError {}

/** An invalid option, as an `ExplainError`. */
export const explainFault: MakeFault = (owner, fault) => new ExplainError(`${owner}: ${fault}`)

/** A batch of images explained. */
export interface Explanation {
  /** The method's raw map. Shape: (N, h, w). */
  readonly map: FloatTensor
  /** The map scaled to 0 … 1 and enlarged; 0 where there is no evidence for the class. Shape: (N, H, W). */
  readonly heat: FloatTensor
  /** Per image, the explained class. */
  readonly classIndex: readonly number[]
  /** Per image, the softmax probability of that class, 0 … 1; of a single output, and with `multiLabel`, its sigmoid. */
  readonly score: readonly number[]
  /** The network's output x; with `twoClasses`, (−x, x). Shape: (N, classes). */
  readonly logits: FloatTensor
}

/** Options of a single explanation. */
export interface ExplainRequest {
  /** One class for all images, or one per image; default the predicted one. */
  readonly classIndex?: number | readonly number[]
}

/** A prepared method: call it with batches of prepared images, for any class. */
export interface Explainer<E extends Explanation = Explanation> extends AsyncDisposable {
  /**
   * Explains a batch without blocking the event loop. Shape: (N, C, H, W).
   * @throws ExplainError for an unknown class, EngineError for images of another shape.
   */
  (images: FloatTensor, request?: ExplainRequest): Promise<E>
  /** Frees the session early. */
  dispose(): Promise<void>
}

/** An explainer of one layer. */
export interface LayerExplainer extends Explainer {
  /** The name of the layer's result. */
  readonly layer: string
}

export const EXPLAIN_OPTIONS = {
  /** The images' shape, as `compile` takes it: `['N', 3, 224, 224]`. */
  input: required(anInputShape),
  /** Images per run, which decides the memory needed; default 16. */
  batchSize: positiveInteger,
  /** An image may have several labels at once, whose probabilities are sigmoids, as in `classifier`; default false. */
  multiLabel: aBoolean,
  /**
   * A single output tells two classes apart, as in `classifier` with two names: class 1 has its sigmoid and class 0 the rest,
   * and either can be explained; default false: the output is that of class 0.
   */
  twoClasses: aBoolean,
  ...ENGINE_CHOICE
}

/** Options of every method. */
export interface ExplainOptions extends OptionsOf<typeof EXPLAIN_OPTIONS> {}

/** How outputs are read as classes. */
export type Reading = Pick<ExplainOptions, 'multiLabel' | 'twoClasses'>

export const LAYER_OPTIONS = {
  ...EXPLAIN_OPTIONS,
  /** The name of a module with a feature map, (N, C, h, w), `relu_1` for its second call; default the last. */
  layer: aString
}

/** Options of methods that use a layer. */
export interface LayerOptions extends OptionsOf<typeof LAYER_OPTIONS> {}
