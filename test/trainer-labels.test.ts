// The forms of labels, and which of them count for the accuracy.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  crossEntropy,
  evaluate,
  Flatten,
  init,
  Linear,
  rand,
  Sequential,
  sgd,
  Tensor,
  tensor
} from 'resnet-ts'
import { binaryCrossEntropyWithLogits, meanSquaredError, type Loss } from 'resnet-ts/nn'
import { engine, start } from './support/small-trainer.js'
import { bands, linearNet } from './support/small-training.js'

const images = rand([8, 1, 8, 8])
const still = sgd({ lr: 0 })

/** A layer with constant outputs. */
const always = (...outputs: number[]): Sequential => {
  const fc = new Linear(64, outputs.length)
  init.zeros(fc.weight)
  fc.bias?.data.data.set(outputs)
  return new Sequential(new Flatten(), fc)
}

describe('ignored labels', () => {
  const loss = crossEntropy({ ignoreIndex: 0 })
  const labels = [0, 0, 0, 0, 0, 0, 0, 1]

  it('count neither as correct nor as labelled in training', async () => {
    const trainer = await start(always(1, 0), { loss, optimizer: still })
    expect(await trainer.step({ images, labels })).toMatchObject({ accuracy: 0, labelled: 1 })
    const right = await start(always(0, 1), { loss, optimizer: still })
    expect(await right.step({ images, labels })).toMatchObject({ accuracy: 1, labelled: 1 })
  })

  it('do not count for the accuracy and the confusion matrix of an evaluation', async () => {
    const trainer = await start(always(1, 0), { loss, optimizer: still })
    const expected = {
      accuracy: 0,
      images: 8,
      confusion: [
        [0, 0],
        [1, 0]
      ]
    }
    expect(await trainer.evaluate([{ images, labels }])).toMatchObject(expected)
    expect(await evaluate(always(1, 0), [{ images, labels }], { loss, engine })).toMatchObject(expected)
  })
})

describe('class indices', () => {
  it('may be of any integer dtype', async () => {
    const { images, labels } = bands(8, 2)
    const { loss, accuracy } = await (await start(linearNet())).step({ images, labels })
    for (const given of [
      new Tensor(Uint8Array.from(labels), [8], 'uint8'),
      new Tensor(Int8Array.from(labels), [8], 'int8'),
      new Tensor(Int16Array.from(labels), [8], 'int16'),
      new Tensor(BigInt64Array.from(labels, BigInt), [8], 'int64')
    ]) {
      const found = await (await start(linearNet())).step({ images, labels: given })
      expect({ loss: found.loss, accuracy: found.accuracy }, given.dtype).toEqual({ loss, accuracy })
    }
  })

  it('are suggested in the error about float labels', async () => {
    const trainer = await start(linearNet())
    await expect(trainer.step({ images, labels: rand([8]) })).rejects.toThrow(
      'labels: expected 8 class indices (an array of whole numbers, or a tensor of an integer dtype) or float32[8, 3], got float32[8]'
    )
  })
})

describe('no labels', () => {
  it('are named as what is missing, in training and in an evaluation', async () => {
    const trainer = await start(linearNet())
    const fault =
      'batch: labels: expected a class index for each image, as an Int32Array, numbers or a Tensor, or a Tensor of what the loss takes, got undefined'
    const batch = { images } as never
    await expect(trainer.step(batch)).rejects.toThrow(`step: ${fault}`)
    await expect(trainer.evaluate([batch])).rejects.toThrow(`evaluate: ${fault}`)
    await expect(evaluate(linearNet(), [batch], { engine })).rejects.toThrow(`evaluate: ${fault}`)
    const numbers = { images: [1, 2], labels: [0] } as never
    await expect(trainer.step(numbers)).rejects.toThrow('step: batch: images: expected a Tensor')
    await expect(trainer.step(undefined as never)).rejects.toThrow(
      'step: batch: expected a batch: { images, labels }, got undefined'
    )
  })
})

describe('one output', () => {
  const yesNo = binaryCrossEntropyWithLogits()
  const answers = Int32Array.of(0, 1, 1, 0, 0, 1, 0, 1)
  const asFloats = new Tensor(Float32Array.from(answers), [8, 1], 'float32')

  it('predicts labels 1 or 0', async () => {
    const shares = await (
      await start(always(2), { loss: yesNo, optimizer: still })
    ).step({
      images,
      labels: asFloats
    })
    const trainer = await start(always(2), { loss: yesNo, optimizer: still })
    for (const labels of [answers, Array.from(answers), new Tensor(Uint8Array.from(answers), [8], 'bool')]) {
      const { loss, accuracy, labelled } = await trainer.step({ images, labels })
      expect(loss).toBe(shares.loss)
      // It always predicts 1.
      expect({ accuracy, labelled }).toEqual({ accuracy: 0.5, labelled: 8 })
    }
    expect(await trainer.evaluate([{ images, labels: answers }])).toMatchObject({
      accuracy: 0.5,
      confusion: [
        [0, 4],
        [0, 4]
      ]
    })
  })

  it('trains on them', async () => {
    const net = new Sequential(new Flatten(), new Linear(64, 1))
    const trainer = await start(net, { loss: yesNo })
    const batch = bands(16, 1)
    const labels = batch.labels.map(label => Number(label === 0))
    for (let i = 0; i < 30; i++) await trainer.step({ images: batch.images, labels })
    expect((await trainer.evaluate([{ images: batch.images, labels }])).accuracy).toBe(1)
  })

  const refused: [string, Loss, readonly number[], string][] = [
    [
      'a third answer',
      yesNo,
      [0, 1, 2, 0, 0, 1, 0, 1],
      'labels: image 2 of the batch has label 2, but the single output is binary: 0 or 1'
    ],
    [
      'cross-entropy, of which it would always be sure',
      crossEntropy(),
      [0, 0, 0, 0, 0, 0, 0, 0],
      'crossEntropy: an output of shape [8, 1] has one class, whose probability is always 1; train a yes or no with binaryCrossEntropyWithLogits()'
    ],
    [
      'a label that is ignored elsewhere',
      yesNo,
      [0, -100, 1, 0, 0, 1, 0, 1],
      'labels: image 1 of the batch has label -100, but the single output is binary: 0 or 1'
    ],
    [
      'class indices as numbers to come close to',
      meanSquaredError(),
      [0, 1, 1, 0, 0, 1, 0, 1],
      'labels: expected float32[8, 1], got 8 class indices'
    ]
  ]
  it.each(refused)('refuses %s', async (_, loss, labels, message) => {
    const trainer = await start(always(2), { loss })
    await expect(trainer.step({ images, labels })).rejects.toThrow(message)
  })

  it('is a yes or no without a choice of the loss, too', async () => {
    const trainer = await start(always(2), { optimizer: still })
    const chosen = await start(always(2), { loss: yesNo, optimizer: still })
    for (const labels of [answers, asFloats]) {
      const batch = { images, labels }
      const { loss } = await chosen.step(batch)
      expect(await trainer.step(batch)).toMatchObject({ loss, accuracy: 0.5, labelled: 8 })
      expect(await evaluate(always(2), [batch], { engine })).toMatchObject({
        loss,
        accuracy: 0.5,
        confusion: [
          [0, 4],
          [0, 4]
        ]
      })
    }
    const ignored = { images, labels: [-100, 1, 1, 1, 1, 1, 1, 1] }
    await expect(trainer.step(ignored)).rejects.toThrow('image 0 of the batch has label -100')
  })

  it('accepts regression targets as floats', async () => {
    const trainer = await start(always(2), { loss: meanSquaredError(), optimizer: still })
    const { loss, accuracy } = await trainer.step({ images, labels: tensor(new Float32Array(8), [8, 1]) })
    expect({ loss, accuracy }).toEqual({ loss: 4, accuracy: undefined })
  })
})

interface Counted {
  readonly loss: number
  readonly accuracy: number
}

interface Goldens {
  readonly lr: number
  readonly cases: Readonly<
    Record<
      'one' | 'several',
      {
        readonly images: readonly number[]
        readonly target: readonly (readonly number[])[]
        readonly start: { readonly '1.weight': readonly number[][]; readonly '1.bias': readonly number[] }
        readonly steps: readonly Counted[]
        readonly after: Counted & { readonly confusions: readonly number[][][] }
      }
    >
  >
}

describe('labels that are answers, as sigmoids', () => {
  const path = new URL('goldens/labels.json', import.meta.url)
  const { lr, cases } = JSON.parse(readFileSync(path, 'utf8')) as Goldens
  const floats = (numbers: readonly number[], shape: readonly number[]): Tensor<'float32'> =>
    new Tensor(Float32Array.from(numbers), shape, 'float32')
  const loss = binaryCrossEntropyWithLogits()

  it.each(['one', 'several'] as const)('train and are counted as in torch: %s', async kind => {
    const { images, target, start: weights, steps, after } = cases[kind]
    const outputs = weights['1.bias'].length
    const net = new Sequential(new Flatten(), new Linear(4, outputs))
    net.loadStateDict(
      new Map([
        ['1.weight', floats(weights['1.weight'].flat(), [outputs, 4])],
        ['1.bias', floats(weights['1.bias'], [outputs])]
      ])
    )
    const items = target.length
    const labels = floats(target.flat(), [items, outputs])
    const batch = { images: floats(images, [items, 1, 2, 2]), labels }
    const trainer = await start(net, { loss, optimizer: sgd({ lr }) })
    for (const expected of steps) {
      const found = await trainer.step(batch)
      expect(found.loss).toBeCloseTo(expected.loss, 5)
      expect(found).toMatchObject({ accuracy: expected.accuracy, labelled: items })
    }
    const { confusion, labelConfusions, ...found } = await trainer.evaluate([batch])
    expect(found.loss).toBeCloseTo(after.loss, 5)
    expect(found.accuracy).toBe(after.accuracy)
    // A single answer has two classes.
    expect(kind === 'one' ? [confusion] : labelConfusions).toEqual(after.confusions)
    expect(kind === 'one' ? labelConfusions : confusion).toEqual([])
    expect(found.top5).toBe(kind === 'one' ? 1 : undefined)
  })

  it('are not counted where they are shares', async () => {
    const shares = floats([0, 1, 0.5, 1, 0, 1], [2, 3])
    const batch = { images: rand([2, 1, 8, 8]), labels: shares }
    const measured = await evaluate(always(1, 0, -1), [batch], { loss, engine })
    expect(measured).toMatchObject({ accuracy: undefined, confusion: [], labelConfusions: [] })
  })
})
