import { describe, expect, it } from 'vitest'
import { cifar_resnet8 } from '../models/resnet/cifar-resnet.js'
import { resnet18 } from '../models/resnet/resnet.js'
import { tensor } from '../tensor/tensor.js'
import { classifier, classifierOn, rankClasses } from './classifier.js'
import { openNetwork } from './open-network.js'

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
    for (const [nothing, found] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [3, '3'],
      [Promise.resolve('dog.jpg'), 'a promise: await it'],
      [['dog.jpg'], "['dog.jpg']"]
    ] as const) {
      await expect(classify(nothing as never)).rejects.toThrow(
        `classify: image: expected a path or URL, a File, bytes, a canvas or video, a picture or a Tensor, got ${found}`
      )
    }
    await expect(classify({} as never)).rejects.toThrow('a Blob, bytes or pixels, got an object')
    expect(() => classify.rank(undefined as never)).toThrow('rank: logits: expected a Tensor, got undefined')
  })
})

describe('a classifier of a network that is there', () => {
  const net = cifar_resnet8({ numClasses: 3, inChannels: 1 })
  const input = ['N', 1, 8, 8] as const

  it.each([[['a', 'b']], [['a', 'b', 'c', 'd']], [[]]])(
    'refuses the names %j for three classes',
    async labels => {
      await expect(classifier(net, { input, labels })).rejects.toThrow(
        /^classifier: labels: \d names? given, but CifarResNet has 3 classes$/
      )
    }
  )

  it('refuses another number of classes, which it would not have', async () => {
    await expect(classifier(net, { input, numClasses: 5 })).rejects.toThrow(
      'numClasses: CifarResNet is built already, not with 5 outputs; give its constructor, or change it by resetClassifier(5)'
    )
    await expect(openNetwork(net, { input, numClasses: 3 })).resolves.toMatchObject({ net })
    const own = { input, numClasses: 5, newHead: true, weights: net.stateDict() }
    const { net: tuned } = await openNetwork(cifar_resnet8({ numClasses: 3, inChannels: 1 }), own)
    expect(tuned.stateDict().get('fc.bias')?.shape).toEqual([5])
  })
})

describe('ranked classes', () => {
  it('of one output have its sigmoid; of two named classes, that is the second, and the first has the rest', () => {
    const ranked = (labels?: readonly string[], topK = 5): unknown =>
      rankClasses(tensor([-4.88]), topK, labels)
    const score: unknown = expect.closeTo(0.0075398, 6)
    const well = { label: 'well', index: 0, score: expect.closeTo(1 - 0.0075398, 6) as unknown }
    expect(ranked()).toEqual([{ label: 'class 0', index: 0, score }])
    expect(ranked(['ill'])).toEqual([{ label: 'ill', index: 0, score }])
    expect(ranked(['well', 'ill'])).toEqual([well, { label: 'ill', index: 1, score }])
    expect(ranked(['well', 'ill'], 1)).toEqual([well])
    // As small as a float allows, which 1 − p is not.
    expect(rankClasses(tensor([90]), 2, ['well', 'ill'])[1].score).toBeCloseTo(Math.exp(-90), 45)
    expect(() => rankClasses(tensor([NaN]), 2, ['well', 'ill'])).toThrow('contains NaN or infinity')
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
