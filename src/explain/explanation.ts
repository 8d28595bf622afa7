// What every explanation is made of, and what every method is asked.
import { aString, checkedLater, positiveInteger, required, type Checks } from '../base/options.js'
import type { Shape } from '../ir/shape.js'
import { DEVICE, ENGINE, type DeviceRequest, type Engine } from '../runtime/engine.js'
import type { Tensor } from '../tensor/tensor.js'

/** Where a network looked, for a batch of images. */
export interface Explanation {
  /** The method's own numbers, before anything is enlarged. Shape: (N, h, w). */
  readonly map: Tensor<'float32'>
  /** The map over the image: 0 where nothing speaks for the class, 1 for the most. Shape: (N, H, W). */
  readonly heat: Tensor<'float32'>
  /** Of each image, the class that is explained. */
  readonly classIndex: readonly number[]
  /** Of each image, the softmax probability of that class, 0 … 1. */
  readonly score: readonly number[]
  /** The network's output. Shape: (N, classes). */
  readonly logits: Tensor<'float32'>
}

/** What is asked of an explanation. */
export interface ExplainRequest {
  /** One class for all images, or one for each; by default the one that the network finds most probable. */
  readonly classIndex?: number | readonly number[]
}

/** A method on a network that is ready: call it with a batch of prepared images, as often as wanted, for any class. */
export interface Explainer<E extends Explanation = Explanation> extends AsyncDisposable {
  /**
   * Explains a batch without blocking the event loop. Shape: (N, C, H, W).
   * @throws ExplainError when there is no such class, EngineError when the images do not fit.
   */
  (images: Tensor<'float32'>, request?: ExplainRequest): Promise<E>
  /** Frees the session early. */
  dispose(): Promise<void>
}

/** An explainer that looks at one layer. */
export interface LayerExplainer extends Explainer {
  /** The layer's dotted name. */
  readonly layer: string
}

/** How a network is made ready to be explained. */
export interface ExplainOptions {
  /** The images' shape, as `compile` takes it: `['N', 3, 224, 224]`. */
  readonly input: Shape
  /** How many images run at once: memory grows with it and little else; default 16. */
  readonly batchSize?: number
  /** Where to run; default `cpu`, in a browser `auto`. */
  readonly device?: DeviceRequest
  readonly engine?: Engine
}

/** What those must be. */
export const EXPLAIN_OPTIONS: Checks<ExplainOptions> = {
  input: required(checkedLater()),
  batchSize: positiveInteger,
  device: DEVICE,
  engine: ENGINE
}

/** Options of methods that look at a layer. */
export interface LayerOptions extends ExplainOptions {
  /** The dotted name of any module whose result is a map, (N, C, h, w); by default the last there is. */
  readonly layer?: string
}

/** What those must be. */
export const LAYER_OPTIONS: Checks<LayerOptions> = { ...EXPLAIN_OPTIONS, layer: aString }
