// A network on an engine: sessions for its output, for the heat map of a layer and for its feature maps, each created on
// first use and kept while the same is requested.
import {
  eigenCam,
  featureMaps,
  gradCam,
  gradCamPlusPlus,
  type Explanation,
  type FeatureMaps,
  type LayerExplainer
} from 'resnet-ts/explain'
import { compile, createEngine, type Device, type Engine, type Tensor } from 'resnet-ts/functional'
import { classifierOn, type Classifier, type Prediction } from 'resnet-ts/models'
import type { Subject } from './run-subject.js'

export type RunDevice = 'auto' | 'webgpu' | 'cpu'

const METHODS = { gradcam: gradCam, 'gradcam++': gradCamPlusPlus, eigencam: eigenCam } as const

export type HeatMethod = keyof typeof METHODS

/** A request for a heat map. */
export interface HeatRequest {
  readonly method: HeatMethod
  readonly layer: string
  /** By default the predicted class. */
  readonly classIndex: number | undefined
}

/** Where a session runs. */
export interface Place {
  readonly device: Device
  /** Threads of the CPU's kernels. */
  readonly threads: number
  /** The engine's warning. */
  readonly advice: readonly string[]
}

// The library's default, repeated here so that the page can show it.
const MOST_THREADS = 8

/** A value that is created for a key and kept until another key is requested. */
class Kept<T extends AsyncDisposable> {
  #key: string | undefined
  #made: Promise<T> | undefined

  get(key: string, make: () => Promise<T>): Promise<T> {
    if (this.#made && this.#key === key) return this.#made
    const before = Promise.resolve(this.#made).then(value => value?.[Symbol.asyncDispose]())
    // A session that failed needs no disposal.
    const made = before.catch(() => {}).then(make)
    this.#key = key
    this.#made = made
    made.catch(() => {
      if (this.#made === made) this.forget()
    })
    return made
  }

  /** Its engine was disposed of. */
  forget(): void {
    this.#made = undefined
  }
}

/** A network that runs. */
export class Sessions {
  readonly subject: Subject
  readonly #wanted: RunDevice
  readonly #answers = new Kept<Classifier>()
  readonly #heat = new Kept<LayerExplainer>()
  readonly #maps = new Kept<FeatureMaps>()
  #engine: Engine | undefined
  #advice: string[] = []

  constructor(subject: Subject, device: RunDevice) {
    this.subject = subject
    this.#wanted = device
  }

  /** Prepares the network, and returns where it runs. */
  async start(): Promise<Place> {
    const { device } = await this.#classifier()
    const threads = device === 'cpu' && sharesMemory() ? threadsWanted() : 1
    return { device, threads, advice: this.#advice }
  }

  /** The network's output and its most probable classes. Shape: (C, H, W) → (classes). */
  async answer(
    pixels: Tensor<'float32'>,
    topK: number
  ): Promise<{ readonly logits: Tensor<'float32'>; readonly top: readonly Prediction[] }> {
    const classify = await this.#classifier()
    const logits = await classify.logits(pixels)
    return { logits, top: classify.rank(logits, topK) }
  }

  /** The heat map of an image. Shape: (C, H, W). */
  async heat(pixels: Tensor<'float32'>, request: HeatRequest): Promise<Explanation> {
    const { net, input, multiLabel, twoClasses } = this.subject
    const { method, layer, classIndex } = request
    const explain = await this.#heat.get(`${method} ${layer}`, () =>
      METHODS[method](net, { input, layer, engine: this.#open(), batchSize: 1, multiLabel, twoClasses })
    )
    return explain(batchOf(pixels), classIndex === undefined ? {} : { classIndex })
  }

  /** The feature maps of a layer. Shape: (C, H, W) → (channels, h, w). */
  async maps(pixels: Tensor<'float32'>, layer: string): Promise<Tensor<'float32'>> {
    const { net, input } = this.subject
    const features = await this.#maps.get(layer, () =>
      featureMaps(net, { input, layer, engine: this.#open() })
    )
    const { maps } = await features(batchOf(pixels))
    return maps.reshape(maps.shape.slice(1))
  }

  /** Stops the current work; the next request starts anew. */
  stop(): void {
    void this.#engine?.dispose()
    this.#engine = undefined
    for (const kept of [this.#answers, this.#heat, this.#maps]) kept.forget()
  }

  #classifier(): Promise<Classifier> {
    const { net, input, prepare, classes, multiLabel } = this.subject
    return this.#answers.get('', async () =>
      classifierOn(await compile(net, { input, engine: this.#open() }), prepare, classes, { multiLabel })
    )
  }

  #open(): Engine {
    if (this.#engine?.isOpen) return this.#engine
    this.#advice = []
    this.#engine = createEngine({
      device: this.#wanted,
      threads: threadsWanted(),
      onFallback: message => this.#advice.push(message)
    })
    return this.#engine
  }
}

/** Some builds of WebKit have no shared memory in isolated pages either. */
function sharesMemory(): boolean {
  return crossOriginIsolated && 'SharedArrayBuffer' in globalThis
}

function threadsWanted(): number {
  return Math.min(navigator.hardwareConcurrency, MOST_THREADS)
}

function batchOf(pixels: Tensor<'float32'>): Tensor<'float32'> {
  return pixels.reshape([1, ...pixels.shape])
}
