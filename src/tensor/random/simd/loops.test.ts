import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { assembleWat } from '../../../../tools/assemble-wat.js'
import { RandomGenerator } from '../generator.js'
import { Mt19937 } from '../mt19937.js'
import { exactNormalBlocks, fma32, normalBlocks, spreadUniforms } from '../normal.js'
import { LOOPS_DATA, randomLoops } from './loops.js'

const MANY = 1 << 18
/** Of a uniform in [0, 1), the smallest step. */
const STEP = 2 ** -24

/** The first place where two arrays differ, in a bit; quicker than `toEqual`. */
function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Math.min(found.length, expected.length)
  for (let i = 0; i < found.length; i++) if (!Object.is(found[i], expected[i])) return i
  return -1
}

/** Uniforms, and the extremes between which everything is computed. */
const uniforms = (seed: number): Float32Array => {
  const drawn = new RandomGenerator(seed).uniform(MANY)
  const edges = [
    0,
    STEP,
    2 * STEP,
    0.125,
    0.25,
    0.5 - STEP,
    0.5,
    0.5 + STEP,
    1 - Math.SQRT1_2,
    0.875,
    1 - STEP
  ]
  for (let i = 0; i < 64 * edges.length; i++) drawn[i] = edges[(i + Math.floor(i / 16)) % edges.length]
  return drawn
}

it('are what loops.wat says', async () => {
  const code = readFileSync(new URL('loops-code.ts', import.meta.url), 'utf8')
  expect(code).toBe(await assembleWat('src/tensor/random/simd/loops.wat'))
})

describe('the loops give every bit that the arithmetic of single numbers gives:', () => {
  it.each([
    [0, 1],
    [0, 0.01],
    [0, -0.02],
    [1.5, 0.3],
    [-0.1, 3e-9],
    [1e-12, 1],
    [0, 1e-40],
    [0, 1e38]
  ])('normals of mean %f and deviation %f', (mean, deviation) => {
    const [centre, spread] = [Math.fround(mean), Math.fround(deviation)]
    const found = uniforms(1)
    const expected = found.slice()
    normalBlocks(found, centre, spread)
    exactNormalBlocks(expected, centre, spread)
    expect(difference(found, expected)).toBe(-1)
  })

  it.each([
    [-0.1, 0.2],
    [0, 3],
    [1e-3, -1e-3],
    [0, 1e-40]
  ])('uniforms from %f over a range of %f', (low, range) => {
    const [from, over] = [Math.fround(low), Math.fround(range)]
    const found = uniforms(2).subarray(0, MANY - 3)
    const expected = found.map(u => fma32(u, over, from))
    spreadUniforms(found, from, over)
    expect(difference(found, expected)).toBe(-1)
  })

  it('words and uniforms from anywhere in the stream', () => {
    const count = fc.integer({ min: 0, max: 3000 })
    fc.assert(
      fc.property(fc.nat(), count, count, fc.boolean(), (seed, before, length, isUniform) => {
        const [fast, slow] = [new Mt19937(seed), new Mt19937(seed)]
        fast.skip(before)
        for (let i = 0; i < before; i++) slow.next()
        const found = isUniform ? new Float32Array(length) : new Uint32Array(length)
        if (found instanceof Float32Array) fast.fillUniform(found)
        else fast.fill(found)
        const expected = Array.from(found, () => (isUniform ? (slow.next() & 0xffffff) * STEP : slow.next()))
        expect(difference(found, expected)).toBe(-1)
        expect([fast.position, fast.next()]).toEqual([slow.position, slow.next()])
      })
    )
  })
})

it('tell of a sum that is half-way between two float32', () => {
  const loops = randomLoops()
  if (!loops) return expect.fail('nothing was compiled')
  // 2⁻¹ · (1 + 2⁻²³) + 1 lies between 1.5 and the next float32, 1.5 + 2⁻²³.
  loops.floats.set([0, 0.5])
  expect(loops.spread(LOOPS_DATA, LOOPS_DATA + 8, 1, 1 + 2 ** -23)).toBe(1)
  loops.floats.set([0, 0.25])
  expect(loops.spread(LOOPS_DATA, LOOPS_DATA + 8, 1, 1)).toBe(0)
})

describe('where code may not be compiled', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it('all numbers are the same', async () => {
    const drawn = ({ normal, uniform, words }: Draws): number[] => [...normal, ...uniform, ...words]
    const fast = drawn(draws(RandomGenerator))
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
    const slow = await import('../generator.js')
    expect(slow.RandomGenerator).not.toBe(RandomGenerator)
    expect(difference(drawn(draws(slow.RandomGenerator)), fast)).toBe(-1)
  })
})

type Draws = ReturnType<typeof draws>

function draws(Generator: typeof RandomGenerator) {
  const generator = new Generator(3)
  generator.deferNormal(5000)
  return {
    normal: generator.normal(2005, 0.5, 2),
    uniform: generator.uniform(2003, -1, 3),
    words: generator.words(2001)
  }
}
