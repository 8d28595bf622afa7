// The larger networks against torchvision; they need more time and several GB.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manualSeed, resnet50 } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'
import {
  expectGolden,
  networkGoldens,
  readGoldens,
  setStatistics,
  type Golden
} from '../support/model-goldens.js'

const LARGE = [
  ...[
    'resnet34',
    'resnext50_32x4d',
    'resnet101',
    'resnet152',
    'resnext101_32x8d',
    'resnext101_64x4d',
    'wide_resnet50_2',
    'wide_resnet101_2'
  ],
  'vgg11',
  'vgg16_bn'
]

describe('numbers', () => {
  it.each(LARGE)('%s equals torch', async name => {
    manualSeed(0)
    const net = findModel(name).build({ numClasses: 50 })
    const { seeded, normalised } = networkGoldens()[name]
    await expectGolden(`${name} seeded`, net, seeded)
    setStatistics(net)
    await expectGolden(`${name} normalised`, net, normalised)
  })
})

describe('strides replaced by dilation', () => {
  const { combinations } = readGoldens('dilated.json') as { combinations: Record<string, Golden> }
  manualSeed(0)
  const trained = resnet50({ numClasses: 50 })
  setStatistics(trained)

  it.each(Object.entries(combinations))('resnet50 dilated %s', async (choice, golden) => {
    const [first, second, third] = Array.from(choice, digit => digit === '1')
    const net = resnet50({ numClasses: 50, replaceStrideWithDilation: [first, second, third] })
    net.loadStateDict(trained.stateDict())
    await expectGolden(`dilated ${choice}`, net, golden)
  })
})

describe('a seeded VGG', () => {
  it.each(['vgg11', 'vgg11_bn'])('%s has the weights torch gives it', name => {
    const url = new URL(`../goldens/random/${name}-seed0.json`, import.meta.url)
    const golden = JSON.parse(readFileSync(url, 'utf8')) as { parameters: Record<string, string> }
    manualSeed(0)
    const found = Array.from(findModel(name).build().namedParameters(), ([key, { data }]) => [
      key,
      createHash('sha256').update(data.data).digest('hex').slice(0, 16)
    ])
    expect(Object.fromEntries(found)).toEqual(golden.parameters)
  })
})
