// The loops over pixels, in WebAssembly, since JavaScript has no SIMD. Pixels are copied in and out in strips that fit a
// processor's cache, so the memory stays small.
import { PASSES_CODE } from './passes-code.js'

/** What passes.wat exports; addresses and sizes are in bytes. */
interface PassesExports {
  readonly memory: WebAssembly.Memory
  rows(
    source: number,
    stride: number,
    count: number,
    target: number,
    length: number,
    taps: number,
    starts: number,
    shares: number
  ): void
  columns(
    source: number,
    stride: number,
    target: number,
    length: number,
    taps: number,
    starts: number,
    shares: number
  ): void
  plane(source: number, end: number, target: number, mean: number, deviation: number): void
}

/** The loops, and the memory they work on. */
export interface Passes extends Omit<PassesExports, 'memory'> {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly floats: Float32Array
  /** The addresses of the regions that were asked for. */
  readonly at: readonly number[]
}

/** About the bytes of a strip. */
export const STRIP_BYTES = 2 ** 16

const PAGE_BYTES = 2 ** 16
// The loops read and write a little past the end of a region.
const SLACK_BYTES = 32
// More than this, which only a very wide image needs, is not kept.
const KEPT_BYTES = 2 ** 24

let kept: PassesExports | undefined

/** The loops, with memory for regions of so many bytes; what a region held before is gone. */
export function passesOn(...regions: readonly number[]): Passes {
  let end = 0
  const at = regions.map(bytes => {
    const start = end
    end = Math.ceil((start + bytes + SLACK_BYTES) / 16) * 16
    return start
  })
  const loops = kept && end <= kept.memory.buffer.byteLength ? kept : freshPasses(end)
  kept = end <= KEPT_BYTES ? loops : undefined
  const { memory, rows, columns, plane } = loops
  const { buffer } = memory
  return {
    rows,
    columns,
    plane,
    bytes: new Uint8Array(buffer),
    words: new Int32Array(buffer),
    floats: new Float32Array(buffer),
    at
  }
}

let code: WebAssembly.Module | undefined

function freshPasses(bytes: number): PassesExports {
  code ??= new WebAssembly.Module(Uint8Array.from(atob(PASSES_CODE), digit => digit.charCodeAt(0)))
  const exports = new WebAssembly.Instance(code).exports as unknown as PassesExports
  const missing = Math.ceil((bytes - exports.memory.buffer.byteLength) / PAGE_BYTES)
  if (missing > 0) exports.memory.grow(missing)
  return exports
}
