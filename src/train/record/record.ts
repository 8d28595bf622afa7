// What a run has written down: its epochs, as lines of metrics.jsonl, and its report's data.
import { aString, checkArguments } from '../../base/options.js'
import { ResnetError } from '../../base/errors.js'

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

/** NaN and infinities, which JSON lacks, are strings. */
const ODD_NUMBERS = new Map([NaN, Infinity, -Infinity].map(odd => [String(odd), odd]))

/** A record as one line, without a line break. */
export function metricsLine(record: EpochRecord): string {
  return JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  )
}

/**
 * Parses records; a truncated last line is ignored.
 * @throws ResnetError naming the first invalid line.
 */
export function parseMetricsLines(text: string): EpochRecord[] {
  checkArguments('parseMetricsLines', { text }, { text: aString })
  const lines = text.split('\n')
  const whole = text.endsWith('\n') ? lines.slice(0, -1) : lines
  return whole.flatMap((line, i) => {
    try {
      const restored = (_: string, value: unknown): unknown =>
        typeof value === 'string' ? (ODD_NUMBERS.get(value) ?? value) : value
      return [JSON.parse(line, restored) as EpochRecord]
    } catch (cause) {
      if (i === lines.length - 1) return []
      throw new ResnetError(`metrics: line ${i + 1} is not JSON`, { cause })
    }
  })
}
