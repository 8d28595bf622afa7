import { describe, expect, it } from 'vitest'
import { resnet18 } from '../models/resnet/resnet.js'
import { tensor } from '../tensor/tensor.js'
import { classifier, classifierOn, rankClasses } from './classifier.js'

describe('a classifier', () => {
  it.each([['resnet18', 'resnet18'] as const, [resnet18, 'resnet18'] as const])(
    'of a model without weights is refused, as it would answer at random',
    async (source, name) => {
      await expect(classifier(source)).rejects.toThrow(
        `${name}: without weights it would answer at random; give weights, a file or 'DEFAULT' for published ones, or seed for untrained ones`
      )
    }
  )

  it('asks for an image where it is given none', async () => {
    const unused = (): never => {
      throw new TypeError('is not called')
    }
    const run = Object.assign(unused, {
      device: 'cpu',
      dispose: unused,
      [Symbol.asyncDispose]: unused
    } as const)
    const classify = classifierOn(run, unused)
    for (const nothing of [undefined, null, 3]) {
      await expect(classify(nothing as never)).rejects.toThrow(
        `classify: image: expected a path or URL, a File, bytes, a canvas or video, a picture or a Tensor, got ${nothing}`
      )
    }
  })
})

describe('ranked classes', () => {
  it('of one output have its sigmoid, under the name of the second of two classes', () => {
    const ranked = (labels?: readonly string[]): unknown => rankClasses(tensor([-4.88]), 5, labels)
    const score: unknown = expect.closeTo(0.0075398, 6)
    expect(ranked()).toEqual([{ label: 'class 0', index: 0, score }])
    expect(ranked(['ill'])).toEqual([{ label: 'ill', index: 0, score }])
    expect(ranked(['well', 'ill'])).toEqual([{ label: 'ill', index: 0, score }])
  })

  it('of several labels have a probability each', () => {
    const ranked = rankClasses(tensor([0, Math.log(3), -Math.log(3)]), 2, ['a', 'b', 'c'], {
      multiLabel: true
    })
    expect(ranked).toEqual([
      { label: 'b', index: 1, score: expect.closeTo(0.75, 6) as unknown },
      { label: 'a', index: 0, score: 0.5 }
    ])
  })
})

describe('classifying', () => {
  const output = tensor([0, Math.log(3), -Math.log(3)], [1, 3])
  const run = Object.assign(async () => output, {
    device: 'cpu',
    dispose: async () => {},
    [Symbol.asyncDispose]: async () => {}
  } as const)
  const image = tensor([0, 0, 0], [3, 1, 1])

  it('leaves out what is less probable than the threshold', async () => {
    const classify = classifierOn(run, () => image, ['a', 'b', 'c'], { multiLabel: true })
    const labelsAt = async (threshold?: number): Promise<string[]> =>
      (await classify(image, { ...(threshold !== undefined && { threshold }) })).map(({ label }) => label)
    expect(await labelsAt()).toEqual(['b', 'a', 'c'])
    expect(await labelsAt(0.5)).toEqual(['b', 'a'])
    expect(await labelsAt(0.9)).toEqual([])
    await expect(classify(image, { threshold: 2 })).rejects.toThrow('classify: threshold: expected')
  })
})
