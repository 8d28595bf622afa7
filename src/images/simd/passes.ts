// Pixel loops in WebAssembly, for SIMD. Pixels are copied in and out in strips that fit a processor's cache.
import { PASSES_CODE } from './passes-code.js'

type Target = [target: number, length: number, taps: number, starts: number, shares: number]

/** The exports of passes.wat; addresses and sizes in bytes. */
interface PassesExports {
  readonly memory: WebAssembly.Memory
  rows(source: number, stride: number, count: number, ...rest: Target): void
  columns(source: number, stride: number, ...rest: Target): void
  plane(source: number, end: number, target: number, mean: number, deviation: number): void
}

export interface Passes extends Omit<PassesExports, 'memory'> {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly floats: Float32Array
  /** The regions' addresses. */
  readonly at: readonly number[]
}

/** Approximate bytes per strip. */
export const STRIP_BYTES = 2 ** 16

const PAGE_BYTES = 2 ** 16
// The loops access a little beyond a region.
const SLACK_BYTES = 32
// Larger memory, for very wide images, is not kept.
const KEPT_BYTES = 2 ** 24

let kept: PassesExports | undefined

/** The loops with memory for regions of these sizes; previous contents are lost. */
export function passesOn(...regions: readonly number[]): Passes {
  let end = 0
  const at = regions.map(bytes => {
    const start = end
    end = Math.ceil((start + bytes + SLACK_BYTES) / 16) * 16
    return start
  })
  const loops = kept && end <= kept.memory.buffer.byteLength ? kept : freshPasses(end)
  kept = end <= KEPT_BYTES ? loops : undefined
  const { buffer } = loops.memory
  return {
    ...loops,
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
