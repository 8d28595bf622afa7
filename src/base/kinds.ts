// Tells objects of the platform by their tag: `instanceof` alone refuses what another realm made, as test runners
// (jsdom, `node:vm`) and frames do. A typed array, buffer or map of another realm works like one's own.
import { shown } from './words.js'

interface PlatformClass<T> {
  readonly name: string
  readonly prototype: T
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** Whether a value is an object of a class, or, for a class of the platform, of its like in another realm. */
export function isA<T>(type: PlatformClass<T>, value: unknown): value is T {
  if (value instanceof (type as unknown as new () => T)) return true
  // Only names that the platform has given out: anyone may write any other tag.
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(globalThis, type.name) === type &&
    tagOf(value) === type.name
  )
}

/** Whether a value is an object of exactly this class of this realm, and of none derived from it. */
export function isPlain<T>(type: PlatformClass<T>, value: unknown): value is T {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === type.prototype
}

export function isBlob(value: unknown): value is Blob {
  return isA(Blob, value) || isA(File, value)
}

/** A file's bytes in memory. */
export type Bytes = Uint8Array | ArrayBuffer

export function isBytes(value: unknown): value is Bytes {
  return isA(Uint8Array, value) || isA(ArrayBuffer, value)
}

/** A plain view of the same bytes, of this realm. Of a `Buffer` too, since its `slice` does not copy. */
export function viewOf(bytes: Bytes): Uint8Array {
  if (isPlain(Uint8Array, bytes)) return bytes
  // Of a buffer that was transferred away, no view can be made.
  if (bytes.byteLength === 0) return new Uint8Array(0)
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

/** What an error says, or anything else that was thrown. */
export function messageOf(thrown: unknown): string {
  if (isA(Error, thrown)) return thrown.message
  return typeof thrown === 'string' ? thrown : shown(thrown)
}

/** What foreign code threw, as the end of a sentence about it: `TypeError: no`, or `threw undefined`. */
export function faultOf(thrown: unknown): string {
  return isA(Error, thrown) ? `${thrown.name}: ${thrown.message}` : `threw ${shown(thrown)}`
}
