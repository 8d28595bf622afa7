// Files of weights as bytes: read by position, little-endian numbers in them, and how much memory they may take.
import { Fault, PathError } from '../base/errors.js'
import type { DType } from '../tensor/dtype.js'

/** The names of dtypes in headers of safetensors, and in torch's classes from before dtypes, which pickles still use. */
export const TYPE_NAMES: ReadonlyMap<DType, { readonly safetensors: string; readonly torch: string }> =
  new Map([
    ['float64', { safetensors: 'F64', torch: 'Double' }],
    ['float32', { safetensors: 'F32', torch: 'Float' }],
    ['float16', { safetensors: 'F16', torch: 'Half' }],
    ['bfloat16', { safetensors: 'BF16', torch: 'BFloat16' }],
    ['int64', { safetensors: 'I64', torch: 'Long' }],
    ['int32', { safetensors: 'I32', torch: 'Int' }],
    ['int16', { safetensors: 'I16', torch: 'Short' }],
    ['int8', { safetensors: 'I8', torch: 'Char' }],
    ['uint8', { safetensors: 'U8', torch: 'Byte' }],
    ['bool', { safetensors: 'BOOL', torch: 'Bool' }]
  ])

/** Weights that cannot be read or written. */
export class WeightsError extends PathError {}

/** Positional reads, such as the platform's `OpenFile`. */
export interface ByteSource {
  readonly name: string
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** An unsigned 64-bit integer as a number; inexact from 2⁵³, which exceeds any file's size. */
export function readUint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true))
}

/** Appends bytes and little-endian integers. */
export class ByteWriter {
  readonly #bytes: number[] = []

  append(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte)
    return this
  }

  uints(size: 2 | 4 | 8, ...values: readonly number[]): this {
    for (const value of values) {
      this.append(Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256))
    }
    return this
  }

  toBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}

// A small file can declare very large tensors (deflate, stride 0, shared storages).
const MINIMUM = 64 * 2 ** 20
const PER_FILE_BYTE = 16

/** The memory that a file may still allocate. */
export class Allowance {
  #left: number

  /** @param limit default 64 MiB plus 16 bytes per byte of the file. */
  constructor(
    fileSize: number,
    readonly limit = MINIMUM + PER_FILE_BYTE * fileSize
  ) {
    this.#left = limit
  }

  /** Call before allocating. @throws Fault when it exceeds the remaining allowance. */
  take(bytes: number, what: string): void {
    if (!(bytes <= this.#left)) {
      throw new Fault(
        `${what} takes the memory it needs past ${this.limit} bytes; give a larger maxBytes if you trust the file`
      )
    }
    this.#left -= bytes
  }
}
