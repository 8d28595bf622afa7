// The lab's side of the part "Train": comparisons of two networks, which the page runs step by step.
import { transfer } from 'comlink'
import { createLoader, digits, randomSplit, toTensor, type Loader } from 'resnet-ts'
import type { LoadedBatch } from 'resnet-ts/data'
import { grayscale, resize } from 'resnet-ts/images'
import { Lane, watchedLayers, type LaneEnd, type LaneStep } from './train-lane.js'
import type { Shortcut, TrainSettings } from './train-settings.js'

// The split and the preparation of `resnet train digits`.
/** The share of the digits that is held back to measure with. */
const HOLD_BACK = 0.2

/** Which digits those are. */
const SPLIT_SEED = 0

const SIDE = 8
const NORMALISE = toTensor({ mean: [0.3053], std: [0.376] })

/** From a picture of any size to the network's input. */
const TRANSFORMS = [grayscale(), resize([SIDE, SIDE]), NORMALISE]

/** What the page needs to know of a comparison before its first step. */
export interface Comparison {
  /** The weights whose gradients are recorded, first to last. */
  readonly layers: readonly string[]
  /** The number of held-out digits. */
  readonly heldBack: number
  /** WebGPU was requested but is not available. */
  readonly lacksGpu: boolean
}

/** A pair, one for each network. */
export type Pair<T> = readonly [T, T]

/** Two networks that learn from the same batches. */
export class TrainSession {
  readonly comparison: Comparison
  readonly #lanes: Pair<Lane>
  readonly #heldBack: Loader
  readonly #batches: AsyncGenerator<LoadedBatch, never>

  private constructor(lanes: Pair<Lane>, train: Loader, heldBack: Loader, comparison: Comparison) {
    this.#lanes = lanes
    this.#heldBack = heldBack
    this.#batches = endless(train)
    this.comparison = comparison
  }

  static async open(settings: TrainSettings): Promise<TrainSession> {
    const { batchSize, seed, shortcuts, device } = settings
    const { train, validation } = randomSplit(await digits(), HOLD_BACK, SPLIT_SEED)
    const options = { transforms: [NORMALISE], workers: 0 }
    const batches = createLoader(train, { ...options, batchSize, seed, dropLast: true })
    // All of them as one batch.
    const heldBack = createLoader(validation, { ...options, batchSize: validation.length, shuffle: false })
    const layers = watchedLayers(settings)
    const about = {
      classes: train.classes,
      transforms: TRANSFORMS,
      data: { path: 'digits', holdBack: HOLD_BACK, seed: SPLIT_SEED }
    }
    const open = (shortcut: Shortcut): Promise<Lane> => Lane.open(settings, shortcut, about, layers)
    const lanes = await Promise.all([open(shortcuts[0]), open(shortcuts[1])])
    return new TrainSession(lanes, batches, heldBack, {
      layers,
      heldBack: validation.length,
      lacksGpu: device === 'webgpu' && !(await hasGpu())
    })
  }

  /** Trains both networks on the next batch. */
  async step(): Promise<Pair<LaneStep | LaneEnd>> {
    const { value: batch } = await this.#batches.next()
    return Promise.all([this.#lanes[0].step(batch), this.#lanes[1].step(batch)])
  }

  /** Each network's accuracy on the held-out digits. */
  async measure(): Promise<Pair<number | undefined>> {
    return Promise.all([this.#lanes[0].measure(this.#heldBack), this.#lanes[1].measure(this.#heldBack)])
  }

  /** A network's weights as the bytes of a `.safetensors` file. */
  async checkpoint(lane: 0 | 1): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#lanes[lane].checkpoint()
    return transfer(bytes, [bytes.buffer])
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(lane => lane.close()))
  }
}

async function* endless(train: Loader): AsyncGenerator<LoadedBatch, never> {
  for (let epoch = 0; ; epoch++) yield* train.epoch(epoch)
}

async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<unknown> } }
  return Boolean(await gpu?.requestAdapter().catch(() => undefined))
}
