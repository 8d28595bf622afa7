// Converts the dtypes of checkpoints to float32. Only float64 and 64-bit integers are rounded.
import { checkArguments, instanceOf } from '../base/options.js'
import type { DType } from './dtype.js'
import { Tensor } from './tensor.js'

const { clz32 } = Math

/**
 * The same values as float32; a float32 tensor is returned as it is (torch: `tensor.float()`).
 *
 * @example
 * toFloat32(tensor(new Uint16Array([0x3c00]), [1], 'float16')).data // Float32Array [1]
 */
export function toFloat32(tensor: Tensor): Tensor<'float32'> {
  checkArguments('toFloat32', { tensor }, { tensor: instanceOf(Tensor) })
  const { data, shape, dtype } = tensor
  if (data instanceof Float32Array) return new Tensor(data, shape, 'float32')
  if (data instanceof Uint16Array) return new Tensor(widen(data, dtype), shape, 'float32')
  if (data instanceof BigInt64Array) return new Tensor(Float32Array.from(data, Number), shape, 'float32')
  return new Tensor(new Float32Array(data), shape, 'float32')
}

function widen(bits: Uint16Array, dtype: DType): Float32Array {
  const result = new Uint32Array(bits.length)
  if (dtype === 'bfloat16') {
    // The upper half of a float32.
    for (let i = 0; i < bits.length; i++) result[i] = bits[i] << 16
  } else {
    const table = halfTable()
    for (let i = 0; i < bits.length; i++) result[i] = table[bits[i]]
  }
  return new Float32Array(result.buffer)
}

let halves: Uint32Array | undefined

/** The float32 bits of all 65,536 halves, computed once. */
function halfTable(): Uint32Array {
  return (halves ??= Uint32Array.from({ length: 0x10000 }, (_, half) => floatBits(half)))
}

/** IEEE 754 binary16 to binary32, bit for bit, NaN payloads included. */
function floatBits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return (sign | 0x7f800000 | (fraction << 13)) >>> 0
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0
  if (fraction === 0) return sign >>> 0
  // Subnormal: normalise by shifting the leading one into the implicit bit.
  const shift = clz32(fraction) - 21
  return (sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)) >>> 0
}
