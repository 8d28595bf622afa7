import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ImageClassificationOptions } from '../images/pipeline/presets.js'
import { ResNet50_Weights } from './weights.js'
import { MODELS } from './registry.js'
import { splitTag, timmPreset, timmTags } from './timm-presets.js'
import { findTag } from './timm-tags.js'

interface Prepared {
  readonly size: number
  readonly resize: number
  readonly interpolation: string
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

interface Golden {
  readonly train: Prepared
  readonly test: Prepared
  readonly classes: number
  readonly licence: string | null
  readonly repository: string | null
}

const path = new URL('../../test/goldens/models/timm-tags.json', import.meta.url)
const { tags } = JSON.parse(readFileSync(path, 'utf8')) as { tags: Readonly<Record<string, Golden>> }
const known = await timmTags()

const asInTimm = ({
  cropSize,
  resizeSize,
  interpolation,
  mean,
  std
}: ImageClassificationOptions): object => ({
  size: cropSize,
  resize: resizeSize,
  interpolation,
  mean,
  std
})

describe("timm's tags", () => {
  it('are all that timm has, each of a model that is here', () => {
    expect(known.map(({ name }) => name)).toEqual(Object.keys(tags))
    expect(known).toHaveLength(216)
    expect(known.filter(({ repository }) => repository !== undefined)).toHaveLength(191)
    expect([...new Set(known.map(({ model }) => model))].filter(model => !(model in MODELS))).toEqual([])
  })

  it.each(known.map(tag => [tag.name, tag] as const))('%s is as timm describes it', async (name, tag) => {
    const { train, test, numClasses, licence, repository } = tag
    expect({
      train: asInTimm(train),
      test: asInTimm(test),
      classes: numClasses,
      licence: licence ?? null,
      repository: repository ?? null
    }).toEqual(tags[name])
    expect(await timmPreset(name)).toEqual(train)
    expect(await timmPreset(name, { testSize: true })).toEqual(test)
  })

  it('are those of a model by either name', async () => {
    const names = (await timmTags('seresnet50')).map(({ name }) => name)
    expect(names).toContain('seresnet50.a1_in1k')
    expect((await timmTags('se_resnet50')).map(({ name }) => name)).toEqual(names)
    expect(await timmTags('vgg11')).toEqual([])
  })

  it('give torchvision’s preparation for torchvision’s weights', async () => {
    expect(await timmPreset('resnet50.tv2_in1k', { testSize: true })).toMatchObject(
      ResNet50_Weights.IMAGENET1K_V2.transforms
    )
  })

  it.each([
    ['resnet34', 'ra4', 'ra4_e3600_r224_in1k, a1_in1k, a2_in1k, a3_in1k, bt_in1k, tv_in1k, gluon_in1k'],
    ['resnet26d', 'a1_in1k', 'bt_in1k']
  ])('of %s are listed when there is no %s, the nearest first', (model, tag, listed) => {
    expect(() => findTag(model, tag)).toThrow(`There is no tag '${tag}' of ${model}; timm has ${listed}`)
  })

  it('are of timm’s networks alone', async () => {
    await expect(timmPreset('cifar_resnet20.a1_in1k')).rejects.toThrow(
      "There is no tag 'a1_in1k' of cifar_resnet20: timm's residual networks have tags, such as resnet50.a1_in1k"
    )
    await expect(timmPreset('resnet50')).rejects.toThrow(
      "timmPreset: expected a model with a tag, such as resnet50.a1_in1k, got 'resnet50'"
    )
    await expect(timmPreset('resnet50.a1_in1k', { testSize: 224 as never })).rejects.toThrow(
      'testSize: expected true or false'
    )
  })

  it('stand after the first dot of a name', () => {
    expect([splitTag('resnet50'), splitTag('resnet50.a1.x')]).toEqual([
      ['resnet50', undefined],
      ['resnet50', 'a1.x']
    ])
  })
})
