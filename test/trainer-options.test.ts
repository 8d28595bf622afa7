// Options of the trainer, each against its formula.
import { describe, expect, it } from 'vitest'
import { cosineLr, sgd, type StateDict } from 'resnet-ts'
import { OptimError } from 'resnet-ts/optim'
import { freezeBatchNorm, TrainError, type TrainerOptions } from 'resnet-ts/train'
import { expectClose } from './support/closeness.js'
import { LAYOUTS, start, steps } from './support/small-trainer.js'
import { bands, bitsOf, convNet, floats, linearNet, manyBands, part } from './support/small-training.js'

/** Names of the tensors that differ. */
const changed = (before: StateDict, after: StateDict): string[] => {
  const [old, fresh] = [bitsOf(before), bitsOf(after)]
  expect(Object.keys(fresh)).toEqual(Object.keys(old))
  return Object.keys(old).filter(name => old[name] !== fresh[name])
}

describe.each(LAYOUTS)('accumulate, with images $layout', ({ start }) => {
  it('averages the gradients of several batches', async () => {
    const batch = bands(12, 5)
    const schedule = cosineLr(10)
    const whole = await start(linearNet(), { schedule })
    const halves = await start(linearNet(), { accumulate: 2, schedule })
    for (let i = 0; i < 3; i++) {
      const together = await whole.step(batch)
      const [first, second] = await steps(halves, [part(batch, 0, 6), part(batch, 6, 12)])
      expect([first.updated, second.updated]).toEqual([false, true])
      expect([first.step, second.step]).toEqual([i, i + 1])
      expect([first.learningRate, second.learningRate]).toEqual([schedule(i, 0.05), together.learningRate])
      expect((first.loss + second.loss) / 2).toBeCloseTo(together.loss, 5)
      expect(second.gradientNorm).toBeCloseTo(together.gradientNorm, 5)
    }
    const expected = await whole.stateDict()
    for (const [name, { data }] of await halves.stateDict()) {
      expectClose(
        name,
        Float64Array.from(data, Number),
        Float64Array.from(expected.get(name)?.data ?? [], Number),
        {
          tolerance: 1e-6
        }
      )
    }
  })

  it('must be a positive integer', async () => {
    await expect(start(linearNet(), { accumulate: 1.5 })).rejects.toThrow(
      'accumulate: expected a whole number'
    )
    await expect(start(linearNet(), { accumulate: 0 })).rejects.toThrow(OptimError)
  })
})

describe.each(LAYOUTS)('freeze, with images $layout', ({ start }) => {
  it('keeps matching parameters and statistics bit by bit, and trains the rest', async () => {
    const net = convNet()
    const trainer = await start(net, { freeze: ['conv', 'bn'], ema: { decay: 0.5 } })
    const before = await trainer.stateDict()
    const [{ gradientNorms }] = await steps(trainer, manyBands(3, 8))
    const after = await trainer.stateDict()
    expect(changed(before, after)).toEqual(['fc.weight', 'fc.bias'])
    expect(changed(before, await trainer.averagedStateDict())).toEqual(['fc.weight', 'fc.bias'])
    expect([...gradientNorms.keys()]).toEqual(['fc.weight', 'fc.bias'])
    expect(net.training).toBe(true)
  })

  it('of a normalisation weight alone does not freeze the statistics', async () => {
    const trainer = await start(convNet(), { freeze: ['*.bias'] })
    const before = await trainer.stateDict()
    await steps(trainer, manyBands(2, 8))
    const after = changed(before, await trainer.stateDict())
    expect(after).toEqual([...before.keys()].filter(name => !name.endsWith('.bias')))
  })

  it('holds even if the mode of the network is changed between steps', async () => {
    const net = convNet({ dropout: 0.3 })
    const trainer = await start(net, { freeze: ['bn'] })
    const before = await trainer.stateDict()
    await trainer.step(bands(8, 1))
    net.eval()
    await expect(trainer.step(bands(6, 2))).rejects.toThrow('step: all of Sequential is in evaluation mode')
    net.train()
    await trainer.step(bands(6, 2))
    await trainer.step(bands(4, 3))
    const expected = await start(convNet({ dropout: 0.3 }), { freeze: ['bn'] })
    await steps(expected, [bands(8, 1), bands(6, 2), bands(4, 3)])
    const after = await trainer.stateDict()
    expect(changed(before, after)).toEqual(['conv.weight', 'fc.weight', 'fc.bias'])
    expect(bitsOf(after)).toEqual(bitsOf(await expected.stateDict()))
  })

  it('must leave a parameter to train, and match existing names', async () => {
    await expect(start(convNet(), { freeze: ['conv', 'bn', 'fc'] })).rejects.toThrow(TrainError)
    await expect(start(convNet(), { freeze: ['*'] })).rejects.toThrow('Every parameter is frozen')
    await expect(start(convNet(), { freeze: ['conv7'] })).rejects.toThrow(
      "no parameter matches 'conv7' (did you mean conv"
    )
  })
})

const STATISTICS = ['bn.running_mean', 'bn.running_var', 'bn.num_batches_tracked']

describe.each(LAYOUTS)('modes, with images $layout', ({ start }) => {
  it.each(['before', 'after'])('of layers are kept, set %s the trainer is made', async when => {
    const net = convNet()
    if (when === 'before') freezeBatchNorm(net)
    const trainer = await start(net)
    if (when === 'after') freezeBatchNorm(net)
    const before = await trainer.stateDict()
    await steps(trainer, manyBands(2, 8))
    const after = changed(before, await trainer.stateDict())
    expect(after).toEqual([...before.keys()].filter(name => !STATISTICS.includes(name)))
    const [, bn] = net.children()
    expect([net.training, bn.training]).toEqual([true, false])
    // It may change its mind.
    net.train()
    await trainer.step(bands(8, 1))
    expect(changed(before, await trainer.stateDict())).toEqual([...before.keys()])
  })

  it('are those at the call of a step', async () => {
    const net = convNet()
    const trainer = await start(net)
    const before = await trainer.stateDict()
    freezeBatchNorm(net)
    const stepping = [trainer.step(bands(8, 1)), trainer.step(bands(6, 2))]
    net.train()
    await Promise.all(stepping)
    expect(changed(before, await trainer.stateDict())).not.toContain('bn.running_mean')
  })
})

describe('parameter groups', () => {
  it('with a learning rate of zero do not change', async () => {
    const groups = [
      { match: 'conv', lrScale: 0 },
      { match: 'fc.bias', lrScale: 0 }
    ]
    const trainer = await start(convNet(), { groups, optimizer: sgd({ lr: 0.1, weightDecay: 0.1 }) })
    const before = await trainer.stateDict()
    await steps(trainer, manyBands(3, 8))
    const after = changed(before, await trainer.stateDict())
    expect(after).toEqual([
      'bn.weight',
      'bn.bias',
      'bn.running_mean',
      'bn.running_var',
      'bn.num_batches_tracked',
      'fc.weight'
    ])
  })

  it('use their own learning rate', async () => {
    const batch = bands(8, 1)
    const moved = async (lrScale: number): Promise<Float64Array> => {
      const trainer = await start(linearNet(), { groups: [{ match: 'fc.weight', lrScale }] })
      const before = floats(await trainer.stateDict(), 'fc.weight')
      await trainer.step(batch)
      const after = floats(await trainer.stateDict(), 'fc.weight')
      return Float64Array.from(after, (value, i) => value - before[i])
    }
    const tenth = await moved(0.1)
    // The difference of two weights has their rounding error.
    expectClose(
      'a tenth',
      tenth,
      (await moved(1)).map(value => value / 10),
      { tolerance: 1e-4 }
    )
  })

  it('use their own weight decay, and biases and normalisation none on request', async () => {
    const batch = bands(8, 1)
    const [lr, weightDecay] = [0.1, 0.2]
    const after = async (options: Partial<TrainerOptions>, decay: number): Promise<StateDict> => {
      const trainer = await start(convNet(), { optimizer: sgd({ lr, weightDecay: decay }), ...options })
      await trainer.step(batch)
      return trainer.stateDict()
    }
    const initial = convNet().stateDict()
    const plain = await after({}, 0)
    const groups = [{ match: 'fc.bias', weightDecay: 0.5 }]
    const decayed = await after({ noDecayOnNormAndBias: true, groups }, weightDecay)
    expect(changed(plain, decayed)).toEqual(['conv.weight', 'fc.weight', 'fc.bias'])
    const decays = { 'conv.weight': weightDecay, 'fc.weight': weightDecay, 'fc.bias': 0.5 }
    for (const [name, decay] of Object.entries(decays)) {
      const expected = floats(plain, name).map((value, i) => value - lr * decay * floats(initial, name)[i])
      expectClose(name, floats(decayed, name), expected, { tolerance: 1e-6 })
    }
    const everything = await after({}, weightDecay)
    expect(changed(plain, everything)).toContain('bn.weight')
  })
})

describe.each(LAYOUTS)('clipNorm, with images $layout', ({ start }) => {
  const [lr, clipNorm] = [2, 0.25]
  const batch = bands(8, 1)

  it('bounds the update of plain SGD', async () => {
    const trainer = await start(convNet(), { optimizer: sgd({ lr }), clipNorm })
    const before = await trainer.stateDict()
    const { gradientNorm, gradientNorms } = await trainer.step(batch)
    const after = await trainer.stateDict()
    const parts = [...gradientNorms.keys()].flatMap(name =>
      Array.from(floats(after, name), (value, i) => value - floats(before, name)[i])
    )
    const moved = Math.hypot(...parts)
    expect(gradientNorm).toBeGreaterThan(2 * clipNorm)
    expect(moved).toBeLessThanOrEqual(lr * clipNorm * (1 + 1e-6))
    expect(moved).toBeGreaterThan(lr * clipNorm * (1 - 1e-4))
  })

  it('does not change smaller gradients, and bounds accumulated ones', async () => {
    const optimizer = sgd({ lr: 0.1 })
    const plain = await start(linearNet(), { optimizer })
    const { gradientNorm } = await plain.step(batch)
    const wide = await start(linearNet(), { optimizer, clipNorm: 1.01 * gradientNorm })
    const narrow = await start(linearNet(), { optimizer, clipNorm: 0.99 * gradientNorm })
    await wide.step(batch)
    await narrow.step(batch)
    expect(changed(await plain.stateDict(), await wide.stateDict())).toEqual([])
    expect(changed(await plain.stateDict(), await narrow.stateDict())).toEqual(['fc.weight', 'fc.bias'])
    const summed = await start(linearNet(), { optimizer, accumulate: 2, clipNorm: 0.99 * gradientNorm })
    await steps(summed, [part(batch, 0, 4), part(batch, 4, 8)])
    expectClose(
      'fc.weight',
      floats(await summed.stateDict(), 'fc.weight'),
      floats(await narrow.stateDict(), 'fc.weight'),
      { tolerance: 1e-6 }
    )
  })

  it('must be above zero', async () => {
    await expect(start(linearNet(), { clipNorm: 0 })).rejects.toThrow(OptimError)
  })
})

describe('ema', () => {
  it.each([0.9, 0.3])('is the recurrence a = %d·a + (1 − d)·w over all steps, bit by bit', async decay => {
    const trainer = await start(convNet(), { ema: { decay }, accumulate: 2 })
    const { fround } = Math
    const averages = new Map(
      Array.from(await trainer.stateDict()).flatMap(([name, { data }]) =>
        data instanceof Float32Array ? [[name, data] as const] : []
      )
    )
    const [kept, taken] = [fround(decay), fround(1 - decay)]
    for (let step = 0; step < 3; step++) {
      await steps(trainer, manyBands(2, 8, 10 * step))
      const now = await trainer.stateDict()
      for (const [name, average] of averages) {
        const next = floats(now, name).map((w, i) => {
          const a = average[i]
          return decay < 0.5 ? w + fround(fround(a - w) * kept) : a + fround(fround(w - a) * taken)
        })
        averages.set(name, next)
      }
    }
    const now = await trainer.stateDict()
    const found = await trainer.averagedStateDict()
    expect([...found.keys()].toSorted()).toEqual([...now.keys()].toSorted())
    for (const [name, average] of averages) expect(floats(found, name), name).toEqual(average)
    expect(found.get('bn.num_batches_tracked')?.data).toEqual(BigInt64Array.of(6n))
    expect(bitsOf(found)['fc.weight']).not.toBe(bitsOf(now)['fc.weight'])
  })

  it('requires a decay between 0 and 1', async () => {
    await expect(start(linearNet(), { ema: { decay: 1 } })).rejects.toThrow(OptimError)
  })
})
