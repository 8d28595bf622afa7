// One of the two networks of a comparison: built from the seed of both, so that layers that both have start from the same
// weights; then trained, measured and saved, until it ends or breaks down.
import {
  createEngine,
  createTrainer,
  manualSeed,
  sgd,
  type Engine,
  type Loader,
  type Trainer
} from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import { encodeCheckpoint, NonFiniteError, type Batch, type CheckpointNetwork } from 'resnet-ts/train'
import type { Shortcut, TrainSettings } from './train-settings.js'

const MOMENTUM = 0.9
const WEIGHT_DECAY = 1e-4
const CHANNELS = 1

/** The result of a step. */
export interface LaneStep {
  readonly kind: 'step'
  readonly loss: number
  /** `‖g‖₂` of each watched layer's weight. */
  readonly gradients: readonly number[]
}

/** The end of a network's training. */
export type LaneEnd =
  /** A loss, a gradient or a weight was not finite; the weights are those before the step. */
  | { readonly kind: 'diverged'; readonly step: number; readonly loss: number }
  /** The runtime failed: no memory, a lost device, kernels that cannot be loaded. */
  | { readonly kind: 'failed'; readonly reason: string }

/** Trains one network on an engine of its own, so that its failure leaves the other alone. */
export class Lane {
  readonly #trainer: Trainer
  readonly #engine: Engine
  readonly #layers: readonly string[]
  readonly #about: CheckpointNetwork
  #end: LaneEnd | undefined

  private constructor(trainer: Trainer, engine: Engine, layers: readonly string[], about: CheckpointNetwork) {
    this.#trainer = trainer
    this.#engine = engine
    this.#layers = layers
    this.#about = about
  }

  /** @param data what a file of its weights says of the data. */
  static async open(
    settings: TrainSettings,
    shortcut: Shortcut,
    data: Omit<CheckpointNetwork, 'model' | 'options'>,
    layers: readonly string[]
  ): Promise<Lane> {
    const { device, learningRate, seed } = settings
    const { net, ...about } = networkFor(settings, shortcut, data.classes.length)
    // Images of 8 × 8 are too small for several threads; each network gets one core.
    const engine = createEngine({ device, threads: 1, onFallback() {} })
    const optimizer = sgd({ lr: learningRate, momentum: MOMENTUM, weightDecay: WEIGHT_DECAY })
    const trainer = await createTrainer(net, { optimizer, seed, engine })
    return new Lane(trainer, engine, layers, { ...about, ...data })
  }

  /** Trains on a batch; once training has ended, returns the same end again. */
  async step(batch: Batch): Promise<LaneStep | LaneEnd> {
    if (this.#end) return this.#end
    try {
      const { loss, gradientNorms } = await this.#trainer.step(batch)
      return { kind: 'step', loss, gradients: this.#layers.map(layer => gradientNorms.get(layer) ?? 0) }
    } catch (error) {
      this.#end = endOf(error)
      return this.#end
    }
  }

  /** The accuracy on held-out images; `undefined` if the runtime failed. */
  async measure(heldBack: Loader): Promise<number | undefined> {
    if (this.#end?.kind === 'failed') return undefined
    try {
      return (await this.#trainer.evaluate(heldBack.epoch(0))).accuracy
    } catch (error) {
      this.#end = endOf(error)
      return undefined
    }
  }

  /** The weights as a file that `resnet predict --checkpoint` reads. */
  async checkpoint(): Promise<Uint8Array<ArrayBuffer>> {
    const tensors = await this.#trainer.stateDict()
    return encodeCheckpoint({ network: this.#about, progress: undefined, tensors })
  }

  async close(): Promise<void> {
    await this.#engine.dispose()
  }
}

function endOf(error: unknown): LaneEnd {
  if (error instanceof NonFiniteError) return { kind: 'diverged', step: error.step, loss: error.loss }
  return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
}

/** Builds a network with one of the shortcuts. */
function networkFor({ depth, seed }: TrainSettings, shortcut: Shortcut, numClasses: number) {
  const model = `cifar_resnet${depth}`
  const { build } = findModel(model)
  const common = { numClasses, inChannels: CHANNELS } as const
  const skip = shortcut === 'plain' || shortcut === 'identity' ? {} : { skip: shortcut }
  const options = { ...common, residual: shortcut !== 'plain', ...skip }
  manualSeed(seed)
  const shared = build(common).stateDict()
  manualSeed(seed)
  const net = build(options)
  // Gates and projections draw random numbers between the layers that all networks have.
  net.loadStateDict(shared, { strict: false })
  return { net, model, options }
}

/** The weights whose gradients are recorded: those of the layers that all networks of a depth share, first to last. */
export function watchedLayers(settings: TrainSettings): string[] {
  const { net } = networkFor(settings, 'plain', 1)
  return Array.from(net.namedParameters()).flatMap(([name, { shape }]) => (shape.length > 1 ? [name] : []))
}
