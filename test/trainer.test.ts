// Training steps: learning, reproducibility, errors and recovery.
import { describe, expect, it } from 'vitest'
import {
  Conv2d,
  cosineLr,
  crossEntropy,
  Dropout,
  Flatten,
  init,
  Linear,
  manualSeed,
  ones,
  rand,
  ReLU,
  Sequential,
  sgd,
  tensor,
  type Module
} from 'resnet-ts'
import { adam } from 'resnet-ts/optim'
import { NonFiniteError, TrainError, type Batch, type StepResult } from 'resnet-ts/train'
import { expectClose } from './support/closeness.js'
import { LAYOUTS, steps } from './support/small-trainer.js'
import {
  bands,
  bitsOf,
  broken,
  CLASSES,
  convNet,
  floats,
  linearNet,
  manyBands,
  oneHot
} from './support/small-training.js'

describe.each(LAYOUTS)('a step, with images $layout', ({ start }) => {
  it('decreases the loss on separable classes', async () => {
    const trainer = await start(convNet())
    const results = await steps(trainer, manyBands(30, 24))
    expect(results[0].loss).toBeGreaterThan(0.5)
    expect(results[29].loss).toBeLessThan(0.05)
    expect(results[29].accuracy).toBe(1)
    expect(results.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    expect(trainer.steps).toBe(30)
  })

  it('returns the output, the accuracy and every gradient', async () => {
    const trainer = await start(convNet(), { schedule: cosineLr(4) })
    const { images, labels } = bands(10, 3)
    const { output, accuracy, gradientNorm, gradientNorms, learningRate, updated } = await trainer.step({
      images,
      labels
    })
    expect(output.shape).toEqual([10, CLASSES])
    const rows = Array.from(labels, (_, i) =>
      Array.from(output.data.slice(i * CLASSES, (i + 1) * CLASSES), Number)
    )
    const right = rows.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i])
    expect(accuracy).toBe(right.length / 10)
    expect([...gradientNorms.keys()]).toEqual(['conv.weight', 'bn.weight', 'bn.bias', 'fc.weight', 'fc.bias'])
    expect(gradientNorm).toBeCloseTo(Math.hypot(...gradientNorms.values()), 6)
    expect({ learningRate, updated }).toEqual({ learningRate: 0.05, updated: true })
    expect((await trainer.step(bands(10, 4))).learningRate).toBeCloseTo(0.05 * 0.5 * (1 + Math.SQRT1_2), 9)
  })

  it('counts steps for the optimiser', async () => {
    const lr = 1e-6
    const trainer = await start(linearNet(), { optimizer: adam({ lr }) })
    const before = floats(await trainer.stateDict(), 'fc.weight')
    const batch = bands(8, 1)
    await steps(trainer, [batch, batch, batch])
    // For an almost constant gradient, Adam with bias correction moves every weight by the learning rate.
    const moved = floats(await trainer.stateDict(), 'fc.weight').map((value, i) =>
      Math.abs(value - before[i])
    )
    expectClose('three steps', moved, new Float32Array(moved.length).fill(3 * lr), { tolerance: 0.02 })
  })

  it('is bit-identical for equal seeds, and different for another seed', async () => {
    const run = async (seed: number): Promise<Record<string, string>> => {
      const trainer = await start(convNet({ dropout: 0.4 }), { seed })
      await steps(trainer, manyBands(4, 8))
      return bitsOf(await trainer.stateDict())
    }
    const first = await run(7)
    expect(await run(7)).toEqual(first)
    expect((await run(8))['fc.weight']).not.toBe(first['fc.weight'])
  })

  it('draws independent noise for every batch and every layer', async () => {
    const batch = bands(4, 1)
    const outputs = async (net: Module): Promise<Float32Array[]> => {
      const trainer = await start(net, { optimizer: sgd({ lr: 0 }) })
      const results = await steps(trainer, [batch, batch])
      return results.map(({ output }) => Float32Array.from(output.data, Number))
    }
    const [first, second] = await outputs(convNet({ dropout: 0.5 }))
    expect(second).not.toEqual(first)
    const [same, again] = await outputs(convNet())
    expect(again).toEqual(same)
    // The sum of 64 ones through two dropouts: 64 on average, or 128 if both had the same noise.
    const last = new Linear(64, 2)
    init.ones(last.weight)
    if (last.bias) init.zeros(last.bias)
    const net = new Sequential(new Flatten(), new Dropout(0.5), new Dropout(0.5), last)
    const [sums] = await steps(await start(net), [
      { images: ones([64, 1, 8, 8]), labels: new Int32Array(64) }
    ])
    const average = Array.from(sums.output.data, Number).reduce((sum, each) => sum + each, 0) / 128
    expect(Math.abs(average - 64)).toBeLessThan(10)
  })

  it('accepts all forms of labels', async () => {
    const { images, labels } = bands(6, 2)
    const run = async (given: Batch['labels']): Promise<StepResult> =>
      (await start(linearNet())).step({ images, labels: given })
    const expected = await run(labels)
    for (const indices of [
      Array.from(labels),
      tensor(labels),
      tensor(BigInt64Array.from(labels, BigInt), [6])
    ]) {
      const { loss, accuracy } = await run(indices)
      expect({ loss, accuracy }).toEqual({ loss: expected.loss, accuracy: expected.accuracy })
    }
    const soft = await run(oneHot(labels))
    expect(soft.loss).toBeCloseTo(expected.loss, 5)
    expect(soft.accuracy).toBeUndefined()
    expect(expected.accuracy).toBeTypeOf('number')
  })

  it("applies the loss's class weights", async () => {
    const weight = [1, 0, 0]
    const batch = bands(6, 2)
    const ofFirst = Array.from(batch.labels.keys()).filter(i => batch.labels[i] === 0)
    const trainer = await start(linearNet(), { loss: crossEntropy({ weight }) })
    const { loss, output } = await trainer.step(batch)
    const losses = ofFirst.map(i => {
      const row = Array.from(output.data.slice(i * CLASSES, (i + 1) * CLASSES), Number)
      return Math.log(row.reduce((sum, each) => sum + Math.exp(each), 0)) - row[0]
    })
    expect(ofFirst.length).toBeGreaterThan(0)
    expect(loss).toBeCloseTo(losses.reduce((sum, each) => sum + each, 0) / losses.length, 5)
  })

  it('does not block the event loop', async () => {
    manualSeed(0)
    const net = new Sequential(
      new Conv2d(1, 32, 3, { padding: 1 }),
      new ReLU(),
      new Conv2d(32, 32, 3, { padding: 1 }),
      new Flatten(),
      new Linear(32 * 32 * 32, 2)
    )
    const trainer = await start(net, { optimizer: sgd({ lr: 1e-4 }) })
    const batch = { images: rand([16, 1, 32, 32]), labels: Array.from({ length: 16 }, (_, i) => i % 2) }
    await trainer.step(batch)
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const started = performance.now()
    for (let i = 0; i < 4; i++) await trainer.step(batch)
    const elapsed = performance.now() - started
    clearInterval(timer)
    // On the caller's thread there would be one tick per step; a busy machine delays timers.
    expect(ticks).toBeGreaterThan(Math.max(4, elapsed / 10))
  })
})

describe.each(LAYOUTS)('invalid input of a step, with images $layout', ({ start }) => {
  it('is a label out of range, named by index or file', async () => {
    const trainer = await start(linearNet())
    const before = bitsOf(await trainer.stateDict())
    const { images } = bands(4, 1)
    const wrong = trainer.step({ images, labels: [0, 1, 3, 2] })
    await expect(wrong).rejects.toThrow(TrainError)
    await expect(wrong).rejects.toThrow('image 2 of the batch has label 3, but the network has 3 classes')
    const paths = ['a.png', 'b.png', 'c.png', 'd.png']
    await expect(trainer.step({ images, labels: [0, -1, 1, 2], paths })).rejects.toThrow('b.png has label -1')
    await expect(trainer.step({ images, labels: [0, 1, 1, 0.5] })).rejects.toThrow('image 3')
    expect(bitsOf(await trainer.stateDict())).toEqual(before)
    expect(trainer.steps).toBe(0)
  })

  it('is a wrong number of labels, or labels of another form', async () => {
    const trainer = await start(linearNet())
    const { images } = bands(4, 1)
    await expect(trainer.step({ images, labels: [0, 1, 2] })).rejects.toThrow(
      'labels: expected one for each of 4 images, got 3'
    )
    await expect(trainer.step({ images, labels: rand([4, CLASSES + 1]) })).rejects.toThrow(
      'labels: expected float32[4, 3], got float32[4, 4]'
    )
    await expect(trainer.step({ images: rand([4, 2, 8, 8]), labels: [0, 1, 2, 0] })).rejects.toThrow(
      'fc: linear'
    )
    expect((await trainer.step(bands(4, 1))).step).toBe(1)
  })

  it('is a NaN pixel: the state does not change, and training continues unaffected', async () => {
    const [first, bad, second] = manyBands(3, 8)
    const options = { ema: { decay: 0.9 }, seed: 3 }
    const trainer = await start(convNet({ dropout: 0.3 }), options)
    await trainer.step(first)
    const before = await trainer.save()
    const failing = trainer.step({ ...broken(bad), paths: ['bad.png'] })
    await expect(failing).rejects.toBeInstanceOf(NonFiniteError)
    await expect(failing).rejects.toMatchObject({ step: 2, paths: ['bad.png'] })
    await expect(failing).rejects.toThrow(/^Step 2: .*bad\.png/)
    const after = await trainer.save()
    expect(bitsOf(after.tensors)).toEqual(bitsOf(before.tensors))
    expect({ steps: after.steps, batches: after.batches }).toEqual({ steps: 1, batches: 1 })
    expect((await trainer.step(second)).step).toBe(2)

    const spared = await start(convNet({ dropout: 0.3 }), options)
    await steps(spared, [first, second])
    expect(bitsOf((await trainer.save()).tensors)).toEqual(bitsOf((await spared.save()).tensors))
  })
})

describe.each(LAYOUTS)('overlapping calls, with images $layout', ({ start }) => {
  it('are queued, and one that fails does not affect the others', async () => {
    const [a, b, c] = manyBands(3, 8)
    // Inputs that change from step to step: noise, the learning rate, the optimiser's scalars.
    const options = { optimizer: adam({ lr: 0.01 }), schedule: cosineLr(5) }
    const overlapping = await start(convNet({ dropout: 0.3 }), options)
    const calls = [
      overlapping.step(a),
      overlapping.step(broken(b)),
      overlapping.step({ images: b.images, labels: [0] }),
      overlapping.step(b),
      overlapping.step(c),
      overlapping.stateDict()
    ]
    const outcomes = await Promise.allSettled(calls)
    const failed = (at: number): boolean => at === 1 || at === 2
    expect(outcomes.map(({ status }) => status)).toEqual(
      calls.map((_, at) => (failed(at) ? 'rejected' : 'fulfilled'))
    )
    const waiting = await start(convNet({ dropout: 0.3 }), options)
    await steps(waiting, [a, b, c])
    expect(bitsOf(await overlapping.stateDict())).toEqual(bitsOf(await waiting.stateDict()))
    expect(overlapping.steps).toBe(3)
  })

  it('of different batch sizes and evaluations equal sequential ones', async () => {
    const sizes = [8, 7, 6, 5, 4, 8, 7, 6, 8]
    const overlapping = await start(convNet({ dropout: 0.3 }))
    const waiting = await start(convNet({ dropout: 0.3 }))
    const calls = sizes.flatMap((size, i) => [
      overlapping.step(bands(size, i)),
      overlapping.evaluate([bands(size, 50)])
    ])
    for (const [i, size] of sizes.entries()) {
      const { loss } = await waiting.step(bands(size, i))
      expect(await calls[2 * i]).toMatchObject({ loss, step: i + 1 })
      expect(await calls[2 * i + 1]).toEqual(await waiting.evaluate([bands(size, 50)]))
    }
    expect(bitsOf(await overlapping.stateDict())).toEqual(bitsOf(await waiting.stateDict()))
  })

  it('are refused after dispose, which may be called twice', async () => {
    const trainer = await start(linearNet())
    const state = await trainer.save()
    await trainer.step(bands(4, 1))
    await trainer.dispose()
    await trainer.dispose()
    await expect(trainer.step(bands(4, 1))).rejects.toThrow('disposed')
    await expect(trainer.stateDict()).rejects.toThrow('disposed')
    await expect(trainer.restore(state)).rejects.toThrow('disposed')
  })
})
