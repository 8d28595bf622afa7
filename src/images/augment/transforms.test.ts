import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError } from '../image-error.js'
import type { Picture } from '../picture.js'
import { colorJitter } from './colour-jitter.js'
import { centerCropTo, randomCrop } from './crop.js'
import { randomErasing } from './erase.js'
import { randomHorizontalFlip, randomVerticalFlip } from './flip.js'
import { applyTransforms, makePipeline, type PictureTransform } from './pipeline.js'
import { trainingPreset } from './presets.js'
import { randAugment } from './rand-augment.js'
import { randomResizedCrop } from './random-resized-crop.js'
import { resizeShorter, resize } from './resize-picture.js'
import { toTensor } from './to-tensor.js'

const side = fc.integer({ min: 1, max: 60 })
const pictures: fc.Arbitrary<Picture> = fc
  .tuple(side, side, fc.constantFrom(1 as const, 3 as const), fc.nat())
  .map(([width, height, channels, seed]) => {
    const words = new RandomGenerator(seed).words(width * height * channels)
    return { width, height, channels, data: Uint8Array.from(words) }
  })
const part = fc.double({ min: 0, max: 1, noNaN: true })
const range = fc.tuple(part, part).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
const factors = range.map(([a, b]): [number, number] => [a * 4, b * 4])
const ratio = range.map(([a, b]): [number, number] => [0.01 + a * 20, 0.01 + b * 20])
const bins = fc.integer({ min: 2, max: 40 })

/** A transform and the size it promises, or none if it keeps the picture's. */
type Promised = readonly [transform: PictureTransform, size?: readonly [width: number, height: number]]

const promised: fc.Arbitrary<Promised> = fc.oneof(
  fc
    .tuple(side, side, range, ratio)
    .map(([h, w, scale, ratio]): Promised => [randomResizedCrop([h, w], { scale, ratio }), [w, h]]),
  fc.tuple(side, side).map(([h, w]): Promised => [resize([h, w]), [w, h]]),
  fc.tuple(side, side).map(([h, w]): Promised => [centerCropTo([h, w]), [w, h]]),
  fc
    .tuple(side, side, fc.nat(9), fc.nat(255))
    .map(([h, w, padding, fill]): Promised => [
      randomCrop([h, w], { padding, fill, padIfNeeded: true }),
      [w, h]
    ]),
  part.map((p): Promised => [randomHorizontalFlip(p)]),
  part.map((p): Promised => [randomVerticalFlip(p)]),
  fc
    .tuple(factors, factors, factors, part)
    .map(([brightness, contrast, saturation, hue]): Promised => [
      colorJitter({ brightness, contrast, saturation, hue: hue / 2 })
    ]),
  fc
    .tuple(bins, part, fc.nat(4), fc.constantFrom('nearest' as const, 'bilinear' as const))
    .map(([numMagnitudeBins, at, numOps, interpolation]): Promised => {
      const magnitude = Math.floor(at * (numMagnitudeBins - 1))
      return [randAugment({ numOps, magnitude, numMagnitudeBins, interpolation })]
    })
)

// `toEqual` takes a hundred times as long.
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

describe('every transform', () => {
  it('gives the promised size, and for one seed the same bytes', () => {
    fc.assert(
      fc.property(pictures, promised, fc.nat(), (picture, [transform, size], seed) => {
        const [width, height] = size ?? [picture.width, picture.height]
        const before = picture.data.slice()
        const apply = (): Picture => applyTransforms(picture, [transform], new RandomGenerator(seed))
        const changed = apply()
        expect([changed.width, changed.height, changed.channels]).toEqual([width, height, picture.channels])
        expect(changed.data.length).toBe(width * height * picture.channels)
        expect(sameBytes(apply().data, changed.data)).toBe(true)
        expect(sameBytes(picture.data, before)).toBe(true)
      }),
      { numRuns: 1500 }
    )
  })

  it('gives the shorter side its size', () => {
    fc.assert(
      fc.property(pictures, side, (picture, size) => {
        const resized = applyTransforms(picture, [resizeShorter(size)], new RandomGenerator(0))
        expect(Math.min(resized.width, resized.height)).toBe(size)
      })
    )
  })

  it('prepares any picture for training, and again the same way', () => {
    const value = fc.constantFrom('random' as const, 0, [0.5])
    fc.assert(
      fc.property(
        pictures,
        side,
        part,
        range,
        ratio,
        value,
        fc.nat(),
        (picture, size, p, scale, ratio, value, seed) => {
          const prepare = makePipeline([
            randomResizedCrop(size),
            toTensor({ mean: [0.5], std: [0.25] }),
            randomErasing({ p, scale, ratio, value })
          ])
          const floats = prepare(picture, new RandomGenerator(seed))
          expect(floats.shape).toEqual([picture.channels, size, size])
          expect(floats.data.every(Number.isFinite)).toBe(true)
          expect(prepare(picture, new RandomGenerator(seed)).data).toEqual(floats.data)
        }
      ),
      { numRuns: 300 }
    )
  })
})

describe('options that mean nothing', () => {
  const nonsense: readonly (readonly [what: string, make: () => unknown])[] = [
    ['a side of 0', () => randomResizedCrop(0)],
    ['a negative side', () => randomCrop([-3, 4])],
    ['half a pixel', () => centerCropTo(1.5)],
    ['no number', () => resize([NaN, 4])],
    ['an endless side', () => resizeShorter(Infinity)],
    ['a probability above 1', () => randomHorizontalFlip(1.1)],
    ['a negative probability', () => randomVerticalFlip(-0.1)],
    ['a probability that is none', () => randomErasing({ p: NaN })],
    ['more than all of the picture', () => randomResizedCrop(9, { scale: [0.1, 1.5] })],
    ['a scale that runs backwards', () => randomErasing({ scale: [0.5, 0.1] })],
    ['a ratio of 0', () => randomResizedCrop(9, { ratio: [0, 1] })],
    ['an infinite value', () => randomErasing({ value: Infinity })],
    ['no values', () => randomErasing({ value: [] })],
    ['negative padding', () => randomCrop(3, { padding: -1 })],
    ['two levels', () => randomCrop(3, { fill: [1, 2] })],
    ['a level above 255', () => randomCrop(3, { fill: 256 })],
    ['negative brightness', () => colorJitter({ brightness: -0.1 })],
    ['a negative factor', () => colorJitter({ contrast: [-1, 1] })],
    ['more than half the circle', () => colorJitter({ hue: 0.6 })],
    ['a magnitude past the last', () => randAugment({ magnitude: 31 })],
    ['one magnitude', () => randAugment({ magnitude: 0, numMagnitudeBins: 1 })],
    ['half an operation', () => randAugment({ numOps: 0.5 })],
    ['a deviation of 0', () => toTensor({ std: [0] })],
    ['statistics of two channels', () => toTensor({ mean: [0, 0] })],
    ['a preset of them', () => trainingPreset({ randomErase: 2 })]
  ]
  it.each(nonsense)('are refused: %s', (_, make) => {
    expect(make).toThrow(ImageError)
  })

  it('say what is wrong', () => {
    expect(() => randomHorizontalFlip(2)).toThrow(
      'randomHorizontalFlip: p: expected a number from 0 to 1, got 2'
    )
    expect(() => randomResizedCrop(-1)).toThrow(
      'randomResizedCrop: a side has a whole, positive number of pixels, got -1'
    )
  })
})

describe('what does not fit', () => {
  const grey: Picture = { width: 4, height: 3, channels: 1, data: new Uint8Array(12) }
  const generator = new RandomGenerator(0)

  it.each([
    ['no toTensor', [randomHorizontalFlip()]],
    ['nothing', []],
    ['two of them', [toTensor(), toTensor()]],
    ['a transform of pictures after it', [toTensor(), randomHorizontalFlip()]],
    ['erasing before it', [randomErasing(), toTensor()]]
  ])('is refused as a pipeline: %s', (_, transforms) => {
    expect(() => makePipeline(transforms)).toThrow(/transforms of pictures come first, then one toTensor/)
  })

  it('is refused when a picture comes', () => {
    expect(() => applyTransforms(grey, [randomCrop(4)], generator)).toThrow(
      '4 × 4 pixels do not fit into 4 × 3'
    )
    expect(() => applyTransforms(grey, [randomCrop(2, { fill: [1, 2, 3] })], generator)).toThrow(ImageError)
    expect(() => makePipeline(trainingPreset())(grey, generator)).toThrow(/the picture is grey/)
    const erase = makePipeline([toTensor(), randomErasing({ p: 1, value: [1, 2, 3] })])
    expect(() => erase(grey, generator)).toThrow('there are 3 values for 1 channels')
  })

  it('refuses a picture that has not three bytes for each pixel, and completes it with nothing', () => {
    const pipeline = makePipeline([toTensor()])
    const whole = { width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(200) } as const
    pipeline(whole, new RandomGenerator(0))
    for (const bytes of [0, 12, 64]) {
      const picture = { ...whole, data: new Uint8Array(bytes) }
      expect(() => pipeline(picture, new RandomGenerator(0))).toThrow(`expected 48 bytes, got ${bytes}`)
    }
  })
})
