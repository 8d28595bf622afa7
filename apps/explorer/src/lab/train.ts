// The lab's side of the part "Train": comparisons of two networks, which the page runs step by step.
import { transfer } from 'comlink'
import { createLoader, digits as bundledDigits, randomSplit, toTensor, type Loader } from 'resnet-ts'
import type { LoadedBatch } from 'resnet-ts/data'
import { grayscale, resize } from 'resnet-ts/images'
import { buildLane, Lane, watchedLayers, type LaneEnd, type LaneStep } from './train-lane.js'
import type { TrainSettings } from './train-settings.js'

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
  /** The numbers of training and of held-out digits. */
  readonly digits: { readonly learned: number; readonly heldBack: number }
  /** WebGPU was requested but is not available. */
  readonly lacksGpu: boolean
}

/** A pair, one for each network. */
export type Pair<T> = readonly [T, T]

/** Two networks that learn from the same batches. */
export class TrainSession {
  readonly comparison: Comparison
  readonly #lanes: Pair<Lane>
  readonly #digits: DigitLoaders
  readonly #batches: AsyncGenerator<LoadedBatch, never>

  private constructor(lanes: Pair<Lane>, digits: DigitLoaders, comparison: Comparison) {
    this.#lanes = lanes
    this.#digits = digits
    this.#batches = endless(digits)
    this.comparison = comparison
  }

  static async open(settings: TrainSettings): Promise<TrainSession> {
    const { batchSize, seed, shortcuts, device } = settings
    const digits = await loadDigits(batchSize, seed)
    const { classes, train, heldBack } = digits
    const layers = watchedLayers(settings)
    const data = { path: 'digits', holdBack: HOLD_BACK, seed: SPLIT_SEED }
    const open = (at: 0 | 1): Promise<Lane> =>
      Lane.open(
        buildLane(settings, shortcuts[at], classes.length),
        settings,
        { classes, transforms: TRANSFORMS, data },
        layers
      )
    const lanes = await Promise.all([open(0), open(1)])
    return new TrainSession(lanes, digits, {
      layers,
      digits: { learned: train.dataset.length, heldBack: heldBack.dataset.length },
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
    const { heldBack } = this.#digits
    return Promise.all([this.#lanes[0].measure(heldBack), this.#lanes[1].measure(heldBack)])
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

/** What is learned from and what is measured with. */
interface DigitLoaders {
  readonly classes: readonly string[]
  readonly train: Loader
  /** All held-back digits as one batch. */
  readonly heldBack: Loader
}

/** Loads the digits. */
async function loadDigits(batchSize: number, seed: number): Promise<DigitLoaders> {
  const { train, validation } = randomSplit(await bundledDigits(), HOLD_BACK, SPLIT_SEED)
  const options = { transforms: [NORMALISE], workers: 0 }
  return {
    classes: train.classes,
    train: createLoader(train, { ...options, batchSize, seed, dropLast: true }),
    heldBack: createLoader(validation, { ...options, batchSize: validation.length, shuffle: false })
  }
}

async function* endless({ train }: DigitLoaders): AsyncGenerator<LoadedBatch, never> {
  for (let epoch = 0; ; epoch++) yield* train.epoch(epoch)
}

interface MaybeGpu {
  readonly gpu?: { requestAdapter(): Promise<unknown> }
}

async function hasGpu(): Promise<boolean> {
  try {
    const adapter = await (navigator as MaybeGpu).gpu?.requestAdapter()
    return adapter !== undefined && adapter !== null
  } catch {
    return false
  }
}
