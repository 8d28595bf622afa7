// metrics.jsonl: one epoch per line. NaN and infinities, which JSON lacks, are strings.
import { ResnetError } from '../base/errors.js'
import type { EpochRecord } from './record.js'

const ODD_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity]
])

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
  const lines = text.split('\n')
  const whole = text.endsWith('\n') ? lines.slice(0, -1) : lines
  return whole.flatMap((line, i) => {
    try {
      return [JSON.parse(line, (_, value: unknown) => restored(value)) as EpochRecord]
    } catch (cause) {
      if (i === lines.length - 1) return []
      throw new ResnetError(`metrics: line ${i + 1} is not JSON`, { cause })
    }
  })
}

function restored(value: unknown): unknown {
  return typeof value === 'string' ? (ODD_NUMBERS.get(value) ?? value) : value
}
