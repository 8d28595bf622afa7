// What a run has written down: its epochs, as lines of metrics.jsonl, and its report's data.
import { anyNumber, aString, checkArguments, wholeNumber } from '../../base/options.js'
import { ResnetError } from '../../base/errors.js'
import {
  checkedBy,
  dictionary,
  optional,
  partOf,
  readJson,
  SchemaError,
  type Reader
} from '../../base/schema.js'

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
const ODD_NUMBERS = new Map<unknown, number>([NaN, Infinity, -Infinity].map(odd => [String(odd), odd]))

/** Data of a run as JSON in one line; `measured` reads its numbers. */
export function numbersAsJson(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  )
}

const readNumber = checkedBy(anyNumber)

/** Something measured, which may be no finite number; null in files of before that was written as a string. */
export const measured: Reader<number> = (value, path) =>
  ODD_NUMBERS.get(value) ?? (value === null ? NaN : readNumber(value, path))

/** Steps, batches, epochs: no run has more. */
export const MOST_STEPS = 2 ** 40
export const steps = checkedBy(wholeNumber(0, MOST_STEPS))
const MOST_LAYERS = 2 ** 16
export const norms = dictionary(measured, MOST_LAYERS)

const metrics = partOf<Metrics>({ loss: measured, accuracy: measured })
const readRecord = partOf<EpochRecord>({
  epoch: checkedBy(wholeNumber(1, MOST_STEPS)),
  step: steps,
  learningRate: measured,
  train: metrics,
  validation: optional(metrics),
  seconds: measured,
  imagesPerSecond: measured,
  gradientNorms: optional(norms)
})

/** A record as one line, without a line break. */
export function metricsLine(record: EpochRecord): string {
  try {
    return numbersAsJson(record)
  } catch (cause) {
    throw new ResnetError('metricsLine: expected the record of an epoch, plain data that JSON can hold', {
      cause
    })
  }
}

/** Reads what `metricsLine` wrote. @throws SchemaError with the path inside of it. */
export function readMetricsLine(line: string, path: string): EpochRecord {
  return readJson(line, path, readRecord)
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
      return [readMetricsLine(line, `line ${i + 1}`)]
    } catch (cause) {
      if (!(cause instanceof SchemaError)) throw cause
      // Only the last one has no end, and what is cut off is no JSON.
      if (i === lines.length - 1 && cause.cause instanceof SyntaxError) return []
      throw new ResnetError(`metrics: ${cause.message}`, { cause })
    }
  })
}
