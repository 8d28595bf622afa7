/** Results on some images. */
export interface Metrics {
  readonly loss: number
  /** 0 … 1; NaN where labels are not classes. */
  readonly accuracy: number
}

/** One epoch, a line of metrics.jsonl. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number
  /** Steps done at its end. */
  readonly step: number
  /** The last step's learning rate. */
  readonly learningRate: number
  readonly train: Metrics
  readonly validation?: Metrics
  readonly seconds: number
  readonly imagesPerSecond: number
  /** `‖g‖₂` of each layer's weights in the last batch, in layer order. */
  readonly gradientNorms?: Readonly<Record<string, number>>
}

/** The data of a run's report. */
export interface RunReport {
  readonly title: string
  /** The command that repeats the run. */
  readonly command?: string
  readonly settings: Readonly<Record<string, string>>
  readonly epochs: readonly EpochRecord[]
  readonly classes?: readonly string[]
  /** counts[actual][predicted] */
  readonly confusion?: readonly (readonly number[])[]
  readonly stepLosses?: readonly number[]
}
