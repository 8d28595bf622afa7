// The loops of random numbers in WebAssembly, for SIMD, with one small memory, of which callers fill and read a part.
import { LOOPS_CODE } from './loops-code.js'

/** The exports of loops.wat; addresses in bytes. */
interface LoopsExports {
  readonly memory: WebAssembly.Memory
  twist(count: number): void
  draw(next: number, target: number, count: number, uniform: number): number
  normals(at: number, end: number, mean: number, deviation: number): number
  spread(at: number, end: number, low: number, range: number): number
}

export interface Loops extends Omit<LoopsExports, 'memory'> {
  /** The state of the Mersenne Twister that `twist` and `draw` advance. */
  readonly state: Uint32Array
  /** The constants of `normals`. */
  readonly constants: Float64Array
  readonly words: Uint32Array
  readonly floats: Float32Array
}

/** How many words or floats the memory holds for the caller. */
export const LOOPS_CHUNK = 1 << 14
/** Where they are, in bytes. */
export const LOOPS_DATA = 8192

const STATE_WORDS = 624
const CONSTANTS = { address: 5120, count: 32 }

let loops: Loops | undefined

/** The loops, or `undefined` where code may not be compiled. */
export function randomLoops(): Loops | undefined {
  loops ??= compiled()
  return loops
}

let isRefused = false

function compiled(): Loops | undefined {
  if (isRefused) return undefined
  try {
    const code = Uint8Array.from(atob(LOOPS_CODE), digit => digit.charCodeAt(0))
    const exports = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as LoopsExports
    const { buffer } = exports.memory
    return {
      ...exports,
      state: new Uint32Array(buffer, 0, STATE_WORDS),
      constants: new Float64Array(buffer, CONSTANTS.address, CONSTANTS.count),
      words: new Uint32Array(buffer, LOOPS_DATA, LOOPS_CHUNK),
      floats: new Float32Array(buffer, LOOPS_DATA, LOOPS_CHUNK)
    }
  } catch {
    // `node --jitless`, or a page whose policy forbids it.
    isRefused = true
    return undefined
  }
}
