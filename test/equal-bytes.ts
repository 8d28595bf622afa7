// Loaded before the tests of every file: compares arrays of numbers by their bytes first, as comparing them element by element
// takes a second for a picture of a million pixels.
import { expect } from 'vitest'

expect.addEqualityTesters([
  function equalBytes(a: unknown, b: unknown): true | undefined {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return undefined
    // Those of other bytes may still be equal, as NaN has many; and where they differ is found element by element.
    return Buffer.compare(bytesOf(a), bytesOf(b)) === 0 ? true : undefined
  }
])

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
