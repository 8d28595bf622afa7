// What a training run reports of itself: plain data, one record an epoch.

/** How well a network does on some images. */
export interface Metrics {
  readonly loss: number
  /** A share, 0 … 1; NaN where labels are not classes. */
  readonly accuracy: number
}

/** One epoch, as it stands in metrics.jsonl, one JSON object a line. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number
  /** Steps made by its end. */
  readonly step: number
  /** Of its last step. */
  readonly learningRate: number
  readonly train: Metrics
  readonly validation?: Metrics
  readonly seconds: number
  readonly imagesPerSecond: number
  /** `‖g‖₂` of each layer's weights in the last batch, from the first layer to the last. */
  readonly gradientNorms?: Readonly<Record<string, number>>
}

/** A run as its report shows it. */
export interface RunReport {
  readonly title: string
  /** The command that can be run again. */
  readonly command?: string
  readonly settings: Readonly<Record<string, string>>
  readonly epochs: readonly EpochRecord[]
  readonly classes?: readonly string[]
  /** counts[actual][predicted] */
  readonly confusion?: readonly (readonly number[])[]
  readonly stepLosses?: readonly number[]
}
