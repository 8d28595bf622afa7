import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ImageError, type Picture } from '../picture.js'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { grayscale, colorJitter } from '../steps/colour.js'
import {
  centerCrop,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  randomResizedCrop,
  resizeShorter,
  resize
} from '../steps/geometry.js'
import { randomErasing, toTensor } from '../steps/to-tensor.js'
import { applyTransform, describePipeline, makePipeline, type Pipeline } from './pipeline.js'
import type { PictureTransform, Transform } from './transforms.js'
import { imageClassification, trainingPreset } from './presets.js'
import { randAugment } from '../steps/rand-augment.js'
import { manualSeed } from '../../tensor/random/random.js'

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
  fc.tuple(side, side).map(([h, w]): Promised => [centerCrop([h, w]), [w, h]]),
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

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

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
        const apply = (): Picture => applyTransform(picture, transform, new RandomGenerator(seed))
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
        const resized = applyTransform(picture, resizeShorter(size), new RandomGenerator(0))
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

it('says which step resizes to one number', () => {
  expect(() => resize(7 as unknown as [number, number])).toThrow(
    "resize.size: expected [height, width], got 7; resizeShorter(7) resizes the shorter side, as torchvision's Resize(7) does"
  )
})

describe('options that mean nothing', () => {
  const nonsense: readonly (readonly [what: string, make: () => unknown])[] = [
    ['a side of 0', () => randomResizedCrop(0)],
    ['a negative side', () => randomCrop([-3, 4])],
    ['half a pixel', () => centerCrop(1.5)],
    ['no number', () => resize([NaN, 4])],
    ['one number, which might mean either', () => resize(4 as unknown as [number, number])],
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
    ['a preset of them', () => trainingPreset({ randomErase: 2 })],
    ['more pixels than a picture has', () => resizeShorter(4097)],
    ['two channels', () => grayscale(2 as 1)],
    ['another order of channels', () => toTensor({ channelOrder: 'rbg' as 'bgr' })],
    ['an unknown option', () => randomErasing({ P: 1 } as object)],
    ['an option of another step', () => colorJitter({ gamma: 1 } as object)]
  ]
  it.each(nonsense)('are refused: %s', (_, make) => {
    expect(make).toThrow(ImageError)
  })

  it('say what is wrong', () => {
    expect(() => randomHorizontalFlip(2)).toThrow(
      'randomHorizontalFlip.p: expected a number from 0 to 1, got 2'
    )
    expect(() => randomResizedCrop(-1)).toThrow(
      'randomResizedCrop.size.width: expected a whole number from 1 to 4096, got -1'
    )
  })
})

describe('a resize and a centre crop in one go', () => {
  it('give what they give one after the other, bit for bit', () => {
    const resizes = fc.oneof(
      side.map(resizeShorter),
      fc.tuple(side, side).map(([h, w]) => resize([h, w]))
    )
    const crops = fc.oneof(
      side.map(centerCrop),
      fc.tuple(side, side).map(([h, w]) => centerCrop([h, w]))
    )
    const orders = fc.constantFrom('rgb' as const, 'bgr' as const)
    fc.assert(
      fc.property(fc.array(pictures, { minLength: 1, maxLength: 4 }), resizes, crops, orders, (...given) => {
        const [several, resize, crop, channelOrder] = given
        const convert = toTensor({ mean: [0.4], std: [0.3], channelOrder })
        const prepare = makePipeline([resize, crop, convert])
        const only = makePipeline([convert])
        // Pictures of equal sizes share a resizer, so the second must not see the first.
        for (const picture of [...several, ...several]) {
          const resized = applyTransform(picture, resize, new RandomGenerator(0))
          const expected = applyTransform(resized, crop, new RandomGenerator(0))
          const cropped = prepare.crop(picture)
          expect([cropped.width, cropped.height]).toEqual([expected.width, expected.height])
          expect(sameBytes(cropped.data, expected.data)).toBe(true)
          expect(sameBytes(bytesOf(prepare(picture).data), bytesOf(only(expected).data))).toBe(true)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it('take a very long picture, of which a resize alone would make more than fits', () => {
    const long: Picture = { width: 30_000, height: 1, channels: 1, data: new Uint8Array(30_000).fill(7) }
    const prepare = makePipeline([resizeShorter(224), centerCrop(8), toTensor()])
    expect(prepare.crop(long).data).toEqual(new Uint8Array(64).fill(7))
    expect(() => applyTransform(long, resizeShorter(224), new RandomGenerator(0))).toThrow(
      'resize: 30000 × 1 pixels would become 6720000 × 224, more than 178956970'
    )
  })
})

describe('a network that takes blue first', () => {
  // One pixel of red 255, green 0 and blue 51, which is 1, 0 and 0.2.
  const pixel: Picture = { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 0, 51) }

  it('gets the planes in its order, normalised by statistics in its order', () => {
    const statistics = { mean: [0.1, 0.25, 0.5], std: [0.2, 0.5, 2] }
    const planes = (channelOrder: 'rgb' | 'bgr'): number[] =>
      [...makePipeline([toTensor({ ...statistics, channelOrder })])(pixel).data].map(
        value => +value.toFixed(6)
      )
    expect(planes('rgb')).toEqual([4.5, -0.5, -0.15])
    expect(planes('bgr')).toEqual([0.5, -0.5, 0.25])
  })

  it('sees a picture in its own colours', () => {
    const prepare = imageClassification({ cropSize: 1, resizeSize: 1, channelOrder: 'bgr' })
    expect(prepare.crop(pixel)).toEqual(pixel)
    const [blue, green, red] = prepare(pixel).data
    const other = imageClassification({ cropSize: 1, resizeSize: 1 })
    const swapped = other({ ...pixel, data: Uint8Array.of(51, 0, 255) }).data
    expect([blue, green, red]).toEqual([...swapped])
  })
})

describe('channels', () => {
  const grey: Picture = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) }

  it('are brought to what a network takes by the pipeline itself', () => {
    expect([...imageClassification({ cropSize: 1, resizeSize: 1 })(grey).shape]).toEqual([3, 1, 1])
    const prepare = makePipeline([grayscale(), toTensor()])
    expect([...prepare(grey).data]).toEqual([0, 1])
    const white: Picture = { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 255, 255) }
    expect([prepare(white).shape, prepare.crop(white).channels]).toEqual([[1, 1, 1], 1])
  })

  it('are one or three', () => {
    const wrong = { width: 1, height: 1, data: new Uint8Array(3) } as unknown as Picture
    expect(() => imageClassification()(wrong)).toThrow('pixels: expected 1 or 3 channels, got undefined')
  })
})

it('random steps draw from the generator that manualSeed seeds, unless they are given another', () => {
  const prepare = makePipeline([randomCrop(3), toTensor()])
  const picture: Picture = { width: 30, height: 30, channels: 1, data: new Uint8Array(900).map((_, i) => i) }
  manualSeed(7)
  expect(prepare(picture).data).toEqual(prepare(picture, new RandomGenerator(7)).data)
})

describe('what does not fit', () => {
  const grey: Picture = { width: 4, height: 3, channels: 1, data: new Uint8Array(12) }
  const generator = new RandomGenerator(0)

  it.each([
    ['no toTensor', [randomHorizontalFlip()]],
    ['two of them', [toTensor(), toTensor()]],
    ['a transform of pictures after it', [toTensor(), randomHorizontalFlip()]],
    ['erasing before it', [randomErasing(), toTensor()]]
  ])('is refused as a pipeline: %s', (_, transforms) => {
    expect(() => makePipeline(transforms)).toThrow(/expected steps of pictures first, then one toTensor/)
  })

  it.each<[what: string, transforms: unknown, message: string]>([
    ['nothing', [], 'makePipeline: expected an array of 1 to 64, got []'],
    ['no list', undefined, 'makePipeline: expected an array of 1 to 64, got undefined'],
    ['a constructor of steps', [toTensor], 'makePipeline[0]: expected an object, got the function toTensor'],
    ['a step that is none', [{ name: 'evil' }, toTensor()], "makePipeline[0].name: unknown step 'evil'"],
    [
      'half a step',
      [{ name: 'toTensor' }],
      'makePipeline[0].mean: expected an array of 1 to 3, got undefined'
    ]
  ])('is refused as steps: %s', (_, transforms, message) => {
    expect(() => makePipeline(transforms as Transform[])).toThrow(message)
    expect(() => makePipeline(transforms as Transform[])).toThrow(ImageError)
  })

  it('is refused as a description', () => {
    expect(() => describePipeline([] as unknown as Pipeline)).toThrow(
      'describePipeline: pipeline: expected a pipeline; makePipeline makes one of steps, got []'
    )
  })

  it('is refused when a picture comes', () => {
    expect(() => applyTransform(grey, randomCrop(4), generator)).toThrow('4 × 4 pixels do not fit into 4 × 3')
    expect(() => applyTransform(grey, randomCrop(2, { fill: [1, 2, 3] }), generator)).toThrow(ImageError)
    expect(() => makePipeline(trainingPreset())(grey, generator)).toThrow(/the picture is grey/)
    const erase = makePipeline([toTensor(), randomErasing({ p: 1, value: [1, 2, 3] })])
    expect(() => erase(grey, generator)).toThrow('there are 3 values for 1 channel')
  })

  it('refuses a picture that has not three bytes for each pixel, and completes it with nothing', () => {
    const pipeline = makePipeline([toTensor()])
    const whole = { width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(200) } as const
    pipeline(whole, new RandomGenerator(0))
    for (const bytes of [0, 12, 64]) {
      const picture = { ...whole, data: new Uint8Array(bytes) }
      expect(() => pipeline(picture, new RandomGenerator(0))).toThrow(
        `expected 4 × 4 × 3 bytes, got ${bytes}`
      )
    }
  })
})
