// What the commands that train can be told.
import type { DeviceRequest } from '../../runtime/engine.js'
import type { DataFormat } from './data-formats.js'

/** What is trained on, and which network. */
export interface DataOptions {
  readonly model: string
  readonly weights?: string
  readonly numClasses?: number
  readonly plain?: boolean
  /** A name of `SKIPS`. */
  readonly skip?: string
  readonly gateBias?: number
  readonly format: DataFormat | 'auto'
  readonly holdBack: number
  readonly imageSize?: number
  readonly augment?: string
  readonly balanced?: boolean
  readonly onCorrupt: 'error' | 'skip'
  readonly batchSize: number
  readonly seed: number
  readonly workers?: number
}

/** How the network follows its gradients. */
export interface StepOptions {
  readonly optimizer: string
  readonly lr?: number
  readonly momentum?: number
  readonly weightDecay?: number
  /** False with `--no-decay-on-norm`. */
  readonly decayOnNorm: boolean
  readonly labelSmoothing: number
  readonly clipNorm?: number
  readonly accumulate: number
  readonly freeze: readonly string[]
  readonly lrScale: readonly string[]
  readonly seed: number
  readonly device: DeviceRequest
}

/** Everything that `resnet train` can be told. */
export interface TrainOptions extends DataOptions, StepOptions {
  readonly epochs: number
  readonly schedule: string
  readonly warmup: number
  readonly ema?: number
  readonly out?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
  readonly checkpointEvery: number
  readonly json?: boolean
}
