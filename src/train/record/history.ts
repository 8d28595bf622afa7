// A run's history, kept within what a checkpoint's header holds: a run of any length can be saved.
import type { EpochRecord } from './record.js'

/**
 * The most that norms and records may take in a header, in bytes: together less than the 100 MB that safetensors allows, with
 * room for all else. Norms of resnet152 fill theirs after some 6,000 epochs, records after 33,000.
 */
const MOST_NORM_BYTES = 60_000_000
const MOST_RECORD_BYTES = 20_000_000

/** No number is longer as JSON, with the comma that follows. */
const NUMBER_BYTES = 25
/** A record without norms: ten numbers, and their names in quotes that are escaped twice. */
const RECORD_BYTES = 600

/**
 * The same history where it is short; a longer one keeps the gradient norms of every 2nd, 4th, 8th … epoch only, and in the end
 * the records, too. The first and the last stay. Thinning each time that an epoch is added gives the same as thinning at the end.
 */
export function thinnedHistory(epochs: readonly EpochRecord[]): readonly EpochRecord[] {
  const last = epochs.at(-1)
  if (!last) return epochs
  const normBytes = epochs.reduce((most, { gradientNorms }) => Math.max(most, bytesOf(gradientNorms)), 0)
  const keepsRecord = fitting(last.epoch, RECORD_BYTES, MOST_RECORD_BYTES)
  const keepsNorms = fitting(last.epoch, normBytes, MOST_NORM_BYTES)
  if (epochs.every(({ epoch }) => keepsRecord(epoch) && keepsNorms(epoch))) return epochs
  return epochs.flatMap(record => {
    if (!keepsRecord(record.epoch)) return []
    if (keepsNorms(record.epoch)) return [record]
    const { gradientNorms: _, ...rest } = record
    return [rest]
  })
}

/** Which epochs are kept, so that all take no more than `most` bytes. */
function fitting(last: number, bytesEach: number, most: number): (epoch: number) => boolean {
  let stride = 1
  while (stride < last && Math.ceil(last / stride) * bytesEach > most) stride *= 2
  return epoch => epoch === last || (epoch - 1) % stride === 0
}

/** The most that the names of unreadable pictures may take, in bytes, and how many are read again. */
const MOST_NAMES_BYTES = 10_000_000
export const MOST_UNREADABLE = 2 ** 20

/** As many of the names of unreadable pictures as a header holds, the first ones; what is left out is only counted. */
export function boundedNames(names: readonly string[]): readonly string[] {
  let bytes = 0
  const encoder = new TextEncoder()
  const tooMuch = names.findIndex((name, i) => {
    bytes += encoder.encode(JSON.stringify(JSON.stringify(name))).length
    return bytes > MOST_NAMES_BYTES || i >= MOST_UNREADABLE
  })
  return tooMuch < 0 ? names : names.slice(0, tooMuch)
}

const known = new WeakMap<object, number>()

/** The most bytes of norms in a header: JSON, as a text of JSON, as a text of JSON. */
function bytesOf(norms: EpochRecord['gradientNorms'] = {}): number {
  const found = known.get(norms)
  if (found !== undefined) return found
  const names = JSON.stringify(JSON.stringify(JSON.stringify(Object.keys(norms))))
  const bytes = new TextEncoder().encode(names).length + NUMBER_BYTES * Object.keys(norms).length
  known.set(norms, bytes)
  return bytes
}
