// Deflated data whose inflated size is known beforehand: no more is written than was announced, whatever the data says.
import { Inflate } from 'fflate'
import { Fault } from '../base/errors.js'

/** What is wrong with deflated data, as the end of a sentence. */
export class InflateError extends Fault {}

// So little at a time that a bomb is noticed before it has filled the memory.
const STEP = 16 * 2 ** 10

/**
 * Inflates into the room there is, and fills all of it.
 * @throws InflateError for data that is longer or shorter than the room, or is not deflated.
 */
export function inflateInto(room: Uint8Array, deflated: Uint8Array): void {
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
}
