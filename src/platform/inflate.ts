// Inflates data of known size; never writes more than declared. Loaded with the first, as pages start without it.
import { Inflate } from 'fflate'
import { Fault } from '../base/errors.js'
import { allocateBytes } from './allocate-bytes.js'

/** A fault in deflated data, as the end of a sentence. */
export class InflateError extends Fault {}

// Small steps, to detect bombs before they fill the memory.
const STEP = 16 * 2 ** 10

/** Inflates data of `size` bytes. @throws InflateError for data of another size, or that is not deflated. */
export function inflate(deflated: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const room = allocateBytes(size)
  let filled = 0
  const inflater = new Inflate(chunk => {
    if (filled + chunk.length > room.length) throw new InflateError('is longer than it says')
    room.set(chunk, filled)
    filled += chunk.length
  })
  try {
    for (let at = 0; at < deflated.length; at += STEP) {
      inflater.push(deflated.subarray(at, at + STEP), at + STEP >= deflated.length)
    }
  } catch (cause) {
    throw cause instanceof InflateError ? cause : new InflateError('is not deflate data', { cause })
  }
  if (filled !== room.length) throw new InflateError('is shorter than it says')
  return room
}
