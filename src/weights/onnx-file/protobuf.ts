// Protobuf's wire format, read field by field: a decoder of whole messages makes an object of every two bytes, which a hostile file
// could have by the million. Source: protobuf.dev/programming-guides/encoding.
import { Fault } from '../../base/errors.js'

/** A field's number and its content: a varint as a number (inexact from 2⁵³), anything else as bytes. */
export type Field = readonly [number: number, value: number | Uint8Array]

const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5]
const MAX_VARINT_BYTES = 10

export function* fieldsOf(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length;) {
    const { number, value, from, length } = fieldAt(message, at)
    at = from + length
    yield [number, value ?? message.subarray(from, at)]
  }
}

/** Bytes in which a field's number and its length, or its varint, end. */
export const MAX_FIELD_HEAD = 2 * MAX_VARINT_BYTES

interface FieldPlace {
  readonly number: number
  /** A varint's; undefined for bytes. */
  readonly value: number | undefined
  /** Where its bytes begin: behind a varint, which has none of its own. */
  readonly from: number
  readonly length: number
}

/** @param size of the message, of which the bytes may be the beginning. */
export function fieldAt(bytes: Uint8Array, at: number, size = bytes.length): FieldPlace {
  const [key, start] = varintAt(bytes, at)
  const [number, wire] = [Math.floor(key / 8), key % 8]
  if (wire === VARINT) {
    const [value, from] = varintAt(bytes, start)
    return { number, value, from, length: 0 }
  }
  const [length, from] = lengthOf(bytes, wire, start)
  if (from + length > size) throw damaged()
  return { number, value: undefined, from, length }
}

function lengthOf(message: Uint8Array, wire: number, start: number): readonly [length: number, from: number] {
  if (wire === FIXED64) return [8, start]
  if (wire === FIXED32) return [4, start]
  if (wire === BYTES) return varintAt(message, start)
  throw damaged()
}

/** Integers, which are packed into one field or take one each. */
export function varintsIn(value: number | Uint8Array): number[] {
  if (typeof value === 'number') return [value]
  const numbers: number[] = []
  for (let at = 0; at < value.length;) {
    const [number, next] = varintAt(value, at)
    numbers.push(number)
    at = next
  }
  return numbers
}

function varintAt(bytes: Uint8Array, start: number): readonly [value: number, next: number] {
  let value = 0
  for (let i = 0; i < MAX_VARINT_BYTES && start + i < bytes.length; i++) {
    const byte = bytes[start + i]
    value += (byte % 128) * 2 ** (7 * i)
    if (byte < 128) return [value, start + i + 1]
  }
  throw damaged()
}

function damaged(): Fault {
  return new Fault('is a damaged ONNX file: its fields end early or are none')
}
