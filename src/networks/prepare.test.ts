import { expect, it } from 'vitest'
import { ImageError } from '../images/picture.js'
import type { Transform } from '../images/pipeline/transforms.js'
import { grayscale } from '../images/steps/colour.js'
import {
  centerCrop,
  randomCrop,
  randomHorizontalFlip,
  resize,
  resizeShorter
} from '../images/steps/geometry.js'
import { randAugment } from '../images/steps/rand-augment.js'
import { toTensor } from '../images/steps/to-tensor.js'
import { prepared } from './prepare.js'

const picture = { width: 13, height: 11, channels: 3, data: new Uint8Array(13 * 11 * 3) } as const

it.each<readonly Transform[]>([
  [resize([5, 7]), toTensor()],
  [resizeShorter(12), centerCrop([4, 6]), toTensor()],
  [grayscale(3), resizeShorter(9), randomCrop([3, 5]), randomHorizontalFlip(), randAugment(), toTensor()],
  [grayscale(), randomCrop(16, { padIfNeeded: true }), toTensor()]
])('a preparation says the shape that it gives: %#', (...transforms) => {
  const channels = transforms.some(step => step.name === 'grayscale' && step.numOutputChannels === 1) ? 1 : 3
  const { shape, prepare } = prepared(transforms, channels)
  expect(shape).toEqual(prepare(picture).shape)
})

it('is known without a picture, so that opening a file costs no pixels', () => {
  const before = process.cpuUsage()
  const transforms = [resize([4096, 4096]), resize([4000, 4096]), toTensor()]
  for (let time = 0; time < 100; time++) expect(prepared(transforms, 3).shape).toEqual([3, 4000, 4096])
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
})

it('refuses statistics of colours for grey pictures', () => {
  const transforms = [grayscale(), toTensor({ mean: [0.1, 0.2, 0.3] })]
  expect(() => prepared(transforms, 1)).toThrow(ImageError)
  expect(() => prepared(transforms, 1)).toThrow('put rgb() before it')
})

it('takes grey pictures for a network of colours as files give them, in three channels', () => {
  const { prepare, crop, transforms } = prepared([resize([5, 7]), toTensor({ mean: [0.1, 0.2, 0.3] })], 3)
  const grey = { width: 13, height: 11, channels: 1, data: new Uint8Array(13 * 11).fill(77) } as const
  const same = { ...picture, data: new Uint8Array(13 * 11 * 3).fill(77) }
  expect(prepare(grey).data).toEqual(prepare(same).data)
  expect(crop(grey)).toEqual(crop(same))
  expect(transforms.map(({ name }) => name)).toEqual(['resize', 'toTensor'])
})
