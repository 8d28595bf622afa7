import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { ImageError, type Picture } from '../picture.js'
import { grayscale, rgb, colorJitter } from '../steps/colour.js'
import {
  centerCrop,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  randomResizedCrop,
  resizeShorter,
  resize
} from '../steps/geometry.js'
import { randAugment } from '../steps/rand-augment.js'
import { randomErasing, toTensor } from '../steps/to-tensor.js'
import { imageClassification, cifarPreset, trainingPreset } from './presets.js'
import { describePipeline, readPipeline, makePipeline } from './pipeline.js'
import type { Transform } from './transforms.js'

const side = fc.integer({ min: 1, max: 40 })
const part = fc.double({ min: 0, max: 1, noNaN: true })
const interval = fc.tuple(part, part).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
const ratio = interval.map(([a, b]): [number, number] => [0.01 + a * 20, 0.01 + b * 20])
const statistics = fc
  .tuple(part, part)
  .map(([mean, std]) => ({ mean: [mean, 0, 1], std: [std + 0.01, 1, 2] }))

const pictureSteps: fc.Arbitrary<Transform> = fc.oneof(
  side.map(resizeShorter),
  fc.tuple(side, side).map(sides => resize(sides)),
  fc.tuple(side, side).map(centerCrop),
  fc
    .tuple(side, fc.nat(9), fc.nat(255))
    .map(([size, padding, fill]) => randomCrop(size, { padding, fill: [fill, 0, 1], padIfNeeded: true })),
  fc.tuple(side, interval, ratio).map(([size, scale, ratio]) => randomResizedCrop(size, { scale, ratio })),
  part.map(randomHorizontalFlip),
  part.map(randomVerticalFlip),
  fc
    .tuple(interval, part)
    .map(([brightness, hue]) => colorJitter({ brightness, contrast: 0.4, hue: hue / 2 })),
  fc.nat(9).map(magnitude => randAugment({ magnitude, numMagnitudeBins: 10, interpolation: 'bilinear' })),
  fc.constant(grayscale(3)),
  fc.constant(rgb())
)
const erasings: fc.Arbitrary<Transform> = fc
  .tuple(part, interval, ratio, fc.constantFrom('random' as const, 0.5, [1, 2, 3]))
  .map(([p, scale, ratio, value]) => randomErasing({ p, scale, ratio, value }))
const conversions: fc.Arbitrary<Transform> = fc
  .tuple(statistics, fc.constantFrom({}, { channelOrder: 'rgb' as const }, { channelOrder: 'bgr' as const }))
  .map(([statistics, order]) => toTensor({ ...statistics, ...order }))
const pipelines = fc
  .tuple(fc.array(pictureSteps, { maxLength: 5 }), conversions, fc.array(erasings, { maxLength: 2 }))
  .map(([pictures, conversion, tensors]) => makePipeline([...pictures, conversion, ...tensors]))

const picture: Picture = {
  width: 17,
  height: 11,
  channels: 3,
  data: Uint8Array.from(new RandomGenerator(3).words(17 * 11 * 3))
}

const fault = (data: unknown): string => {
  try {
    readPipeline(data, 'steps')
  } catch (error) {
    if (error instanceof ImageError) return error.message
    throw error
  }
  throw new Error('it was not refused')
}

describe('a pipeline written down and read back', () => {
  it('is the same, and prepares pictures the same way', () => {
    fc.assert(
      fc.property(pipelines, fc.nat(), (pipeline, seed) => {
        const data = describePipeline(pipeline)
        const read = readPipeline(JSON.parse(JSON.stringify(data)))
        expect(describePipeline(read)).toEqual(data)
        const [ours, theirs] = [pipeline, read].map(prepare => prepare(picture, new RandomGenerator(seed)))
        expect(Buffer.compare(Buffer.from(ours.data.buffer), Buffer.from(theirs.data.buffer))).toBe(0)
        expect(ours.shape).toEqual(theirs.shape)
      }),
      { numRuns: 300 }
    )
  })

  it.each([
    ['imageClassification', imageClassification()],
    ['trainingPreset', makePipeline(trainingPreset({ autoAugment: 'randaugment', randomErase: 0.1 }))],
    ['cifarPreset', makePipeline(cifarPreset())]
  ])('may be the preset %s', (_, preset) => {
    expect(readPipeline(describePipeline(preset)).transforms).toEqual(preset.transforms)
  })

  it('shares nothing with the pipeline', () => {
    const pipeline = makePipeline([toTensor({ mean: [0.5], std: [0.5] })])
    const [step] = describePipeline(pipeline)
    Object.assign(step, { mean: [9] })
    expect(pipeline.transforms).toEqual([toTensor({ mean: [0.5], std: [0.5] })])
  })

  it('may have been written before steps for channels existed', () => {
    const data = [
      { name: 'resize', size: { width: 8, height: 8 } },
      { name: 'toTensor', mean: [0.3053], std: [0.376] }
    ]
    expect(describePipeline(readPipeline(data))).toEqual(data)
  })
})

describe('data that is no pipeline', () => {
  const steps = (step: object): unknown => [step, toTensor()]
  const resize = { name: 'resize', size: 8 }
  let deep: unknown = 1
  for (let depth = 0; depth < 1e5; depth++) deep = [deep]

  it.each<[what: string, data: unknown, message: string]>([
    ['no list', { name: 'resize' }, 'steps: expected an array of 1 to 64, got an object'],
    ['text', 'toTensor', "steps: expected an array of 1 to 64, got 'toTensor'"],
    ['nothing', undefined, 'steps: expected an array of 1 to 64, got undefined'],
    ['arrays in arrays', deep, 'steps[0]: expected an object, got [an array of 1]'],
    ['no steps', [], 'steps: expected an array of 1 to 64, got []'],
    ['too many steps', Array(65).fill(resize), 'steps: expected an array of 1 to 64, got an array of 65'],
    ['a step that is none', steps([1]), 'steps[0]: expected an object, got [1]'],
    [
      'a step without a name',
      steps({ size: 8 }),
      'steps[0].name: expected the name of a step, got undefined'
    ],
    [
      'a misspelled step',
      steps({ name: 'resise' }),
      "steps[0].name: unknown step 'resise'; did you mean 'resize'?"
    ],
    [
      'a method for a step',
      steps({ name: 'constructor' }),
      "steps[0].name: unknown step 'constructor'; expected one of centerCrop"
    ],
    [
      'an unknown option',
      steps({ ...resize, sise: 8 }),
      "steps[0]: unknown option 'sise'; did you mean 'size'?"
    ],
    [
      'a missing option',
      steps({ name: 'resize' }),
      'steps[0].size: expected a whole number from 1 to 4096, got undefined'
    ],
    [
      'a huge size',
      steps({ ...resize, size: 1e9 }),
      'steps[0].size: expected a whole number from 1 to 4096, got 1000000000'
    ],
    [
      'a huge side',
      steps({ name: 'centerCrop', size: { width: 1, height: 5000 } }),
      'steps[0].size.height: expected a whole number from 1 to 4096, got 5000'
    ],
    [
      'half a pixel',
      steps({ ...resize, size: 2.5 }),
      'steps[0].size: expected a whole number from 1 to 4096, got 2.5'
    ],
    [
      'text for a number',
      steps({ ...resize, size: '8' }),
      "steps[0].size: expected a whole number from 1 to 4096, got '8'"
    ],
    ['NaN', [{ ...toTensor(), mean: [NaN] }], 'steps[0].mean[0]: expected a number from'],
    [
      'a deviation of 0',
      [{ ...toTensor(), std: [1, 0, 1] }],
      'steps[0].std[1]: expected a number from 1e-12'
    ],
    [
      'two means',
      [{ ...toTensor(), mean: [0, 0] }],
      'steps[0].mean: expected one number or three, got [0, 0]'
    ],
    [
      'an order that is none',
      [{ ...toTensor(), channelOrder: 'grb' }],
      "steps[0].channelOrder: expected 'rgb' or 'bgr', got 'grb'"
    ],
    [
      'a scale that runs backwards',
      steps({ ...randomResizedCrop(8), scale: [1, 0.5] }),
      'steps[0].scale: expected the smaller number first, got [1, 0.5]'
    ],
    [
      'a magnitude past the last',
      steps({ ...randAugment(), magnitude: 31 }),
      'steps[0].magnitude: expected less than numMagnitudeBins (31), got 31'
    ],
    [
      'endless operations',
      steps({ ...randAugment(), numOps: 1e9 }),
      'steps[0].numOps: expected a whole number from 0 to 100'
    ],
    [
      'a prototype',
      JSON.parse('[{ "name": "toTensor", "mean": [0], "std": [1], "__proto__": { "channelOrder": "bgr" } }]'),
      "steps[0]: unknown option '__proto__'"
    ],
    [
      'no toTensor',
      [resize],
      'steps: expected steps of pictures first, then one toTensor, then randomErasing, got resize'
    ],
    ['steps in another order', [toTensor(), resize], 'steps: expected steps of pictures first'],
    [
      'more work than any preparation takes',
      [...Array<unknown>(9).fill({ name: 'resize', size: 4096 }), toTensor()],
      'steps: its steps go over 150994944 pixels for each picture, at most 134217728 are allowed'
    ],
    [
      'large pictures changed a hundred times',
      [{ name: 'resize', size: 2048 }, randAugment({ numOps: 100 }), toTensor()],
      'steps: its steps go over 423624704 pixels'
    ]
  ])('is refused: %s', (_, data, message) => {
    expect(fault(data)).toContain(message)
  })

  const keys = fc.constantFrom(
    'name',
    'size',
    'mean',
    'std',
    'p',
    'scale',
    'ratio',
    'fill',
    '__proto__',
    'toString',
    'x'
  )
  const leaves = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.constantFrom(null, true, undefined, 'random', 'bgr', 1e308, -0, Infinity),
    fc.array(fc.double(), { maxLength: 4 })
  )
  const hostile = fc.oneof(
    fc.anything({ withNullPrototype: true, withSparseArray: true, withTypedArray: true, withBigInt: true }),
    fc.json(),
    // Sound steps of which anything is replaced.
    fc
      .tuple(pipelines, fc.nat(5), keys, fc.oneof(leaves, fc.dictionary(keys, leaves)))
      .map(([pipeline, at, key, value]) =>
        describePipeline(pipeline).map((step, i) =>
          i === at ? Object.defineProperty({ ...step }, key, { value, enumerable: true }) : step
        )
      )
  )

  it('is a pipeline that works, or one clear error that leads to the place', () => {
    fc.assert(
      fc.property(hostile, data => {
        try {
          const prepare = readPipeline(data, 'steps')
          expect(readPipeline(JSON.parse(JSON.stringify(describePipeline(prepare)))).transforms).toEqual(
            prepare.transforms
          )
          prepare(picture, new RandomGenerator(0))
        } catch (error) {
          if (!(error instanceof ImageError)) throw error
          expect(error.message).toBe(`${error.path}: ${error.fault}`)
          expect(error.message).toMatch(/^[^\n]{1,300}$/)
        }
        expect(({} as { channelOrder?: unknown }).channelOrder).toBeUndefined()
      }),
      { numRuns: 2000 }
    )
  })
})
