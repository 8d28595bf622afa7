// In a context of `node:vm` each look-up of a global is a call, fifty times as slow as elsewhere, so no loop over pixels or
// weights may contain one. A context with accessors for its globals counts them.
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type * as library from 'resnet-ts'
import type { toFloat32 } from 'resnet-ts/functional'
import type * as explain from 'resnet-ts/explain'
import type * as images from 'resnet-ts/images'
import type * as data from 'resnet-ts/data'
import { ROOT } from './support/docs-folder.js'
import { libraryScript, runInContext } from './support/vm-context.js'

type Library = typeof library &
  typeof images &
  typeof data &
  typeof explain & { toFloat32: typeof toFloat32; countedLoop(count: number): number }

// What is done once an image or a tensor may look up globals; at a hundredth, what is done an element may not.
const MOST_PER_ELEMENT = 0.01
const SLOW_LOOP =
  'export function countedLoop(n) { let s = 0; for (let i = 0; i < n; i++) s += Math.max(i, 1); return s }'

let lookUps = 0
let lib: Library
let photo: images.Picture

beforeAll(async () => {
  const globals = {}
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (['globalThis', 'global'].includes(name)) continue
    let value: unknown = Reflect.get(globalThis, name)
    const get = (): unknown => {
      lookUps++
      return value
    }
    Object.defineProperty(globals, name, {
      configurable: true,
      get,
      set: (next: unknown) => void (value = next)
    })
  }
  lib = runInContext(await libraryScript(SLOW_LOOP), globals) as Library
  photo = await lib.readImage(join(ROOT, 'assets/cat.jpg'))
})

async function lookUpsOf(run: () => unknown): Promise<number> {
  lookUps = 0
  await run()
  return lookUps
}

it('counts', async () => {
  expect(await lookUpsOf(() => lib.countedLoop(500))).toBe(500)
})

const DRAWS = 100_000
const DRAWN: Record<string, (generator: library.RandomGenerator) => unknown> = {
  uniform: generator => generator.uniform(DRAWS, -1, 2),
  normal: generator => generator.normal(DRAWS, 1, 2),
  words: generator => generator.words(DRAWS),
  permutation: generator => lib.shuffledOrder(DRAWS, generator)
}

describe('random numbers', () => {
  it.each(Object.entries(DRAWN))('%s', async (_, draw) => {
    const generator = new lib.RandomGenerator(1)
    expect(await lookUpsOf(() => draw(generator))).toBeLessThan(MOST_PER_ELEMENT * DRAWS)
  })
})

it('seeded weights', async () => {
  lib.manualSeed(0)
  const conv = new lib.Conv2d(64, 64, 3)
  const count = await lookUpsOf(() => Array.from(conv.stateDict().values(), ({ data: values }) => values))
  expect(count).toBeLessThan(MOST_PER_ELEMENT * 64 * 64 * 9)
})

it('half precision', async () => {
  const half = lib.tensor(new Uint16Array(DRAWS).fill(1), [DRAWS], 'float16')
  expect(await lookUpsOf(() => lib.toFloat32(half))).toBeLessThan(MOST_PER_ELEMENT * DRAWS)
})

const PIPELINES: Record<string, () => readonly images.Transform[]> = {
  preset: () => lib.imageClassification().transforms,
  jitter: () => [lib.colorJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.2 })],
  grayscale: () => [lib.grayscale(), lib.resize([100, 90])],
  crops: () => [lib.randomCrop(200, { padding: 4 }), lib.randomResizedCrop(100)],
  flips: () => [lib.randomHorizontalFlip(1), lib.randomVerticalFlip(1)]
}

describe('preparing a photograph', () => {
  it.each(Object.entries(PIPELINES))('%s', async (_, steps) => {
    const transforms = steps()
    const isWhole = transforms.some(({ name }) => name === 'toTensor')
    const prepare = lib.makePipeline(isWhole ? transforms : [...transforms, lib.toTensor()])
    const generator = new lib.RandomGenerator(1)
    expect(await lookUpsOf(() => prepare(photo, generator))).toBeLessThan(
      MOST_PER_ELEMENT * photo.data.length
    )
  })

  it.each([
    ['nearest', 'nearest'],
    ['bilinear', 'bilinear']
  ] as const)('randAugment, %s', async (_, interpolation) => {
    const prepare = lib.makePipeline([lib.randAugment({ interpolation }), lib.toTensor()])
    // Enough draws for each of its fourteen operations.
    const small = lib.makePipeline([lib.resize([64, 64]), lib.toTensor()]).crop(photo)
    const generator = new lib.RandomGenerator(1)
    const count = await lookUpsOf(() => {
      for (let i = 0; i < 40; i++) prepare(small, generator)
    })
    // An operation builds tables of 256 levels.
    expect(count).toBeLessThan(40 * (MOST_PER_ELEMENT * small.data.length + 100))
  })
})

it('an overlay', async () => {
  const { width, height } = photo
  const heat = lib.tensor(new Float32Array(width * height).fill(0.5), [height, width])
  expect(await lookUpsOf(() => lib.overlay(photo, heat))).toBeLessThan(MOST_PER_ELEMENT * width * height)
})

it('a data set', async () => {
  const count = await lookUpsOf(() => lib.digits())
  expect(count).toBeLessThan(MOST_PER_ELEMENT * 1797 * 64)
})
