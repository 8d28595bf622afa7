import { describe, expect, it } from 'vitest'
import type { Line } from '../terminal/output.js'
import { timmTags } from '../../models/timm-presets.js'
import { listLines, moreLines, tagLines } from './list-run.js'

const plain = (line: Line): string =>
  typeof line === 'string' ? line : line.map(part => (typeof part === 'string' ? part : part.text)).join('')

describe('the list of models', () => {
  const both = [
    { name: 'IMAGENET1K_V1', top1: 76.13 },
    { name: 'IMAGENET1K_V2', top1: 80.858 }
  ]
  const models = [
    { model: 'resnet50', parameters: 25557032, gmacs: 4.089, weights: both },
    { model: 'resnet18', parameters: 11689512, gmacs: 1.814, weights: both.slice(0, 1) },
    { model: 'cifar_preact_resnet164', parameters: 1703258, gmacs: 0.248, weights: [] }
  ]

  it('has every published accuracy where there is room', () => {
    expect(listLines(models, 80).map(plain)).toEqual([
      'model                   parameters  GMACs     ImageNet     top-1, %',
      'resnet50                25,557,032  4.089  76.130 (V1)  80.858 (V2)',
      'resnet18                11,689,512  1.814  76.130 (V1)',
      'cifar_preact_resnet164   1,703,258  0.248'
    ])
  })

  it('has the best accuracy and whole names in 60 columns', () => {
    expect(listLines(models, 60).map(plain)).toEqual([
      'model                   parameters  GMACs     top-1, %',
      'resnet50                25,557,032  4.089  80.858 (V2)',
      'resnet18                11,689,512  1.814  76.130 (V1)',
      'cifar_preact_resnet164   1,703,258  0.248'
    ])
  })

  it('says how to see the others, in 60 columns', () => {
    expect(moreLines(62).map(plain)).toEqual(['', '62 more networks of timm: resnet list --all'])
    expect(moreLines(0)).toEqual([])
  })
})

describe("the list of timm's tags", () => {
  it('has the sizes of pictures, the classes and what may be done with the weights', async () => {
    const names = [
      'resnet50.bamboo',
      'resnet18.fb_ssl_yfcc100m_ft_in1k',
      'resnetaa50d.d_in12k',
      'resnet200.untrained'
    ]
    const tags = (await timmTags()).filter(({ name }) => names.includes(name))
    expect(tagLines(tags).map(plain)).toEqual([
      'model and tag                     licence       pixels  for tests  classes',
      'resnet18.fb_ssl_yfcc100m_ft_in1k  cc-by-nc-4.0     224        224    1,000',
      'resnet50.bamboo                   not stated       224        224     none',
      'resnet200.untrained               no weights       224        288    1,000',
      'resnetaa50d.d_in12k               apache-2.0       224        288   11,821'
    ])
  })
})
