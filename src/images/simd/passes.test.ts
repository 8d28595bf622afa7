import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleWat } from '../../../tools/assemble-wat.js'
import { normalizedLevels, toFloats, toTensor } from '../steps/to-tensor.js'
import { PRECISION_BITS, resizeAxis, resizeColumns, resizeRows, type ResizeAxis } from '../resize/resize.js'

// Noise, with the extremes that clamping and rounding have to get right.
const NOISE = Uint8Array.from({ length: 3 * 700 * 120 }, (_, i) => {
  const value = Math.imul(i + 1, 0x9e3779b1) >>> 22
  return Math.min(255, Math.max(0, value - 384))
})

/** What the loops do at once, one byte at a time: its taps' bytes, `stride` apart, in the axis's shares. */
function byteOf(
  { taps, starts, shares }: ResizeAxis,
  at: number,
  data: Uint8Array,
  first: number,
  stride: number
): number {
  let sum = 2 ** (PRECISION_BITS - 1)
  for (let tap = 0; tap < taps; tap++) {
    const share = shares[at * taps + tap]
    if (share !== 0) sum += share * data[first + (starts[at] + tap) * stride]
  }
  return Math.min(255, Math.max(0, Math.floor(sum / 2 ** PRECISION_BITS)))
}

/** The first place where two arrays differ; quicker than `toEqual`. */
function difference(made: ArrayLike<number>, expected: (index: number) => number): number {
  for (let i = 0; i < made.length; i++) if (!Object.is(made[i], expected(i))) return i
  return -1
}

const channel = fc.constantFrom(1 as const, 3 as const)

/** A resize of `source` pixels to `target`, of which `from` up to `to` are made. */
const axes = (
  most: number
): fc.Arbitrary<readonly [source: number, target: number, from: number, to: number]> =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
    .chain(([source, target]) =>
      fc
        .tuple(fc.nat(target - 1), fc.nat(target - 1))
        .map(([a, b]) => [source, target, Math.min(a, b), Math.max(a, b) + 1] as const)
    )

describe('the passes', () => {
  it('are what passes.wat says', async () => {
    expect(readFileSync(new URL('passes-code.ts', import.meta.url), 'utf8')).toBe(
      await assembleWat('src/images/simd/passes.wat')
    )
  })

  it('resize rows of any length to any length, however many', () => {
    const row = fc.nat(60)
    fc.assert(
      fc.property(channel, axes(500), row, row, (channels, [source, target, first, last], a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b) + 1]
        const axis = resizeAxis(source, target, first, last)
        const data = NOISE.subarray(0, to * source * channels)
        const made = new Uint8Array((to - from) * axis.length * channels)
        resizeRows({ data, width: source, channels }, from, to, axis, made)
        const different = difference(made, i => {
          const pixel = Math.floor(i / channels)
          const row = from + Math.floor(pixel / axis.length)
          return byteOf(axis, pixel % axis.length, data, row * source * channels + (i % channels), channels)
        })
        expect(different).toBe(-1)
      })
    )
  })

  it('resize columns of any height to any height, however wide', () => {
    fc.assert(
      fc.property(
        channel,
        axes(120),
        fc.integer({ min: 1, max: 500 }),
        (channels, [source, target, first, last], width) => {
          const axis = resizeAxis(source, target, first, last)
          const stride = width * channels
          const from = axis.starts[0]
          const data = NOISE.subarray(0, source * stride)
          const made = new Uint8Array(axis.length * stride)
          resizeColumns({ data: data.subarray(from * stride), width, channels }, from, axis, made)
          const different = difference(made, i =>
            byteOf(axis, Math.floor(i / stride), data, i % stride, stride)
          )
          expect(different).toBe(-1)
        }
      )
    )
  })

  it('resize rows that are longer than the memory that is kept', () => {
    const axis = resizeAxis(6e6, 2)
    const data = new Uint8Array(18e6).map((_, i) => i)
    const made = new Uint8Array(6)
    resizeRows({ data, width: 6e6, channels: 3 }, 0, 1, axis, made)
    expect(difference(made, i => byteOf(axis, Math.floor(i / 3), data, i % 3, 3))).toBe(-1)
  })

  it('make the float of every byte by any statistics, at any size', () => {
    const channel = (min: number) => fc.double({ min, max: 10, noNaN: true }).filter(value => value !== 0)
    const means = fc.tuple(channel(-10), channel(-10), channel(-10))
    const deviations = fc.tuple(channel(1e-6), channel(1e-6), channel(1e-6))
    const [widths, heights] = [fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 120 })]
    fc.assert(
      fc.property(means, deviations, widths, heights, (mean, std, width, height) => {
        const data = new Float32Array(3 * width * height)
        const picture = { width, height, channels: 3, data: NOISE.subarray(0, data.length) } as const
        toFloats(toTensor({ mean, std }))(picture, data)
        const plane = width * height
        const levels = mean.map((_, at) => normalizedLevels(mean[at], std[at]))
        const different = difference(data, i => {
          const channel = Math.floor(i / plane)
          return levels[channel][NOISE[(i % plane) * 3 + channel]]
        })
        expect(different).toBe(-1)
      })
    )
  })
})
