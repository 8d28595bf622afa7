// Dtypes of files that no tensor here has: their elements are widened to the next one that holds them all. Loaded when a file
// has one. Source: PyTorch's c10/util/Float8_e4m3fn.h and Float8_e5m2.h (the OCP's 8-bit formats).
import { Fault } from '../base/errors.js'
import { quote } from '../base/words.js'
import { allocateBytes } from '../platform/allocate-bytes.js'
import { itemSize, viewAs, type DataOf, type DType, type TensorData } from '../tensor/dtype.js'
import { Tensor } from '../tensor/tensor.js'
import type { WideDType } from './wide-dtype-names.js'

type Widening = readonly [dtype: DType, widen: (name: string, bits: TensorData) => TensorData]

const WIDENINGS: Readonly<Record<WideDType, Widening>> = {
  uint16: ['int32', (_, bits) => mapped('int32', bits as Int16Array, value => value & 0xffff)],
  uint32: ['int64', (_, bits) => mapped('int64', bits as Int32Array, value => BigInt(value >>> 0))],
  uint64: ['int64', signed],
  float8_e4m3fn: ['float32', (_, bits) => mapped('float32', bits as Uint8Array, byte => E4M3[byte])],
  float8_e5m2: ['float32', (_, bits) => mapped('float32', bits as Uint8Array, byte => E5M2[byte])]
}

/** How many bytes widening takes for so many elements. */
export function widenedBytes(stored: WideDType, elements: number): number {
  return elements * itemSize(WIDENINGS[stored][0])
}

/** The tensor of its bits. @throws Fault for a number that the wider dtype cannot hold. */
export function widened(name: string, stored: WideDType, bits: TensorData, shape: readonly number[]): Tensor {
  const [dtype, widen] = WIDENINGS[stored]
  return new Tensor(widen(name, bits), shape, dtype)
}

function mapped<D extends 'int32' | 'int64' | 'float32', T>(
  dtype: D,
  from: { readonly length: number; readonly [i: number]: T },
  widen: (value: T) => DataOf<D>[number]
): DataOf<D> {
  const to = viewAs(dtype, allocateBytes(from.length * itemSize(dtype)).buffer, 0, from.length)
  for (let i = 0; i < from.length; i++) to[i] = widen(from[i])
  return to
}

function signed(name: string, bits: TensorData): TensorData {
  const { buffer, byteOffset, length } = bits
  const numbers = new BigInt64Array(buffer, byteOffset, length)
  if (numbers.some(value => value < 0n))
    throw new Fault(`${quote(name)} is uint64 and has a number of 2⁶³ or more, which int64 cannot hold`)
  return numbers
}

const [E4M3, E5M2] = [floats(byte => e4m3(byte)), floats(byte => e5m2(byte))]

function floats(valueOf: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => (byte < 128 ? valueOf(byte) : -valueOf(byte - 128)))
}

/** Four bits of exponent, three of mantissa, no infinity. */
function e4m3(byte: number): number {
  return byte === 0x7f ? NaN : finite(byte, 3, 7)
}

/** Five bits of exponent, two of mantissa: the upper half of a float16. */
function e5m2(byte: number): number {
  if (byte > 0x7c) return NaN
  return byte === 0x7c ? Infinity : finite(byte, 2, 15)
}

function finite(byte: number, mantissaBits: number, bias: number): number {
  const [exponent, mantissa] = [byte >> mantissaBits, (byte % 2 ** mantissaBits) / 2 ** mantissaBits]
  return exponent === 0 ? mantissa * 2 ** (1 - bias) : (1 + mantissa) * 2 ** (exponent - bias)
}
