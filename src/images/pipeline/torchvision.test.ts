import { describe, expect, it } from 'vitest'
import { permutation, RandomGenerator } from '../../tensor/random/generator.js'
import { Tensor } from '../../tensor/tensor.js'
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
import { between, below, exp32, linspace32, log32 } from '../random/draws.js'
import { randomErasing, toTensor } from '../steps/to-tensor.js'
import { cutmix, mixBatch, mixup, type BatchTransform } from '../steps/mix.js'
import { applyTransform, makePipeline } from './pipeline.js'
import type { PictureTransform, Transform } from './transforms.js'
import { cifarPreset, trainingPreset } from './presets.js'
import { randAugment } from '../steps/rand-augment.js'
import { digest, golden, pictureOf } from '../testing/goldens.js'

const MAKERS = {
  grayscale,
  rgb,
  randomResizedCrop,
  resizeShorter,
  resize,
  centerCrop,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  colorJitter,
  randAugment,
  toTensor,
  randomErasing,
  trainingPreset,
  cifarPreset,
  mixup,
  cutmix
} as unknown as Record<string, (...args: readonly unknown[]) => unknown>

describe('as torchvision, byte for byte and draw for draw', () => {
  const titled = golden.pictures.map(one => ({ ...one, title: JSON.stringify([one.call, one.picture]) }))
  it.each(titled)('$title', ({ call: [name, ...args], picture, hashes }) => {
    const transform = structuredClone(MAKERS[name](...args)) as PictureTransform
    const source = pictureOf(picture)
    const untouched = source.data.slice()
    const ours = hashes.map((_, seed) => {
      const generator = new RandomGenerator(seed)
      return digest([applyTransform(source, transform, generator)], generator)
    })
    expect(ours).toEqual(hashes)
    expect(source.data).toEqual(untouched)
  })

  const pipelines = golden.tensors.map(one => ({ ...one, title: JSON.stringify([one.calls, one.picture]) }))
  it.each(pipelines)('$title', ({ calls, picture, hashes }) => {
    const transforms = calls.flatMap(([name, ...args]) => MAKERS[name](...args) as Transform | Transform[])
    const prepare = makePipeline(structuredClone(transforms))
    const ours = hashes.map((_, seed) => {
      const generator = new RandomGenerator(seed)
      return digest([prepare(pictureOf(picture), generator)], generator)
    })
    expect(ours).toEqual(hashes)
  })

  const mixes = golden.mixed.map(one => ({ ...one, title: JSON.stringify(one.call) }))
  it.each(mixes)('$title', ({ call: [name, ...args], hashes }) => {
    const way = MAKERS[name](...args) as BatchTransform
    const { fround } = Math
    const floats = Float32Array.from({ length: 4 * 3 * 6 * 8 }, (_, i) => (fround(i * fround(0.37)) % 5) - 2)
    const batch = { images: new Tensor(floats, [4, 3, 6, 8], 'float32'), labels: Int32Array.of(3, 0, 4, 3) }
    const ours = hashes.map((_, seed) => {
      const generator = new RandomGenerator(seed)
      const { images, targets } = mixBatch(batch, 5, [way], generator)
      return digest([images, targets], generator)
    })
    expect(ours).toEqual(hashes)
  })
})

/** Four units in the last place of a double. */
const LAST_BITS = 4 * 2 ** -52

describe('draws', () => {
  const { draws } = golden

  it('are torch’s, one after the other', () => {
    const generator = new RandomGenerator(0)
    expect(draws.uniform.map(([low, high]) => between(generator, low, high))).toEqual(
      draws.uniform.map(([, , drawn]) => drawn)
    )
    expect(draws.below.map(([count]) => below(generator, count))).toEqual(
      draws.below.map(([, drawn]) => drawn)
    )
    expect(draws.permutations.map(({ length }) => [...permutation(length, generator)])).toEqual(
      draws.permutations
    )
    expect(draws.doubles.map(() => generator.nextDouble())).toEqual(draws.doubles)
    // The sine and the cosine of V8 and of glibc differ in the last bit now and then.
    const normals = draws.normals.map(() => generator.nextNormal())
    normals.forEach((normal, index) =>
      expect(Math.abs(normal / draws.normals[index] - 1)).toBeLessThan(LAST_BITS)
    )
  })

  it.each(draws.linspaces)('divide %d … %d into %d as torch does', (first, last, count, are) => {
    expect(are.map((_, index) => linspace32(first, last, count, index))).toEqual(are)
  })

  it('use torch’s logarithm and exponential of float32', () => {
    const { fround } = Math
    expect(draws.logarithms[0].map(value => log32(fround(value)))).toEqual(draws.logarithms[1])
    expect(draws.exponentials[0].map(value => exp32(fround(value)))).toEqual(draws.exponentials[1])
  })
})
