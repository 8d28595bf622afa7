// What is said of arguments that are something else, before any engine starts.
import { describe, expect, it } from 'vitest'
import { Conv2d } from '../nn/layers/convolution.js'
import { Linear } from '../nn/layers/linear.js'
import { sgd } from '../optim/sgd.js'
import type { Engine } from '../runtime/engine.js'
import { zeros } from '../tensor/tensor.js'
import { evaluate } from './evaluate.js'
import { fit } from './fit.js'
import { createTrainer, freeze, type Trainer } from './trainer.js'
import { TrainError } from './train-error.js'
import { Sequential } from '../nn/layers/containers.js'
import { BatchNorm2d, freezeBatchNorm } from '../nn/layers/normalisation.js'
import { packedDataset } from '../data/dataset.js'

const optimizer = sgd({ lr: 0.1 })
// Nothing here comes as far as a run.
const engine = {
  createState: async () => ({ dispose: async () => {}, read: async () => new Map() })
} as unknown as Engine
const packed = packedDataset({
  data: new Uint8Array(4),
  labels: [0],
  width: 2,
  height: 2,
  channels: 1,
  classes: ['a']
})

describe('the trainer', () => {
  it('asks for an instance where it is given a class', async () => {
    const trainer = createTrainer(Conv2d as never, { optimizer })
    await expect(trainer).rejects.toThrow('createTrainer: net: expected a Module, got the function Conv2d')
  })

  it('refuses a network that is wholly in evaluation mode', async () => {
    const net = new Sequential(new Linear(1, 1)).eval()
    await expect(createTrainer(net, { optimizer })).rejects.toThrow(
      new TrainError(
        'createTrainer: all of Sequential is in evaluation mode, in which dropout and batch statistics do not train; call net.train() first, then eval() on the parts that should stay in it'
      )
    )
  })

  it.each([packed, 5, undefined, 'digits'])('asks for a loader where it is to measure %s', async found => {
    const asked = 'evaluate: batches: expected a loader such as createLoader(dataset'
    await expect(evaluate(new Linear(1, 1), found as never)).rejects.toThrow(asked)
    await using trainer = await createTrainer(new Sequential(new Linear(1, 2)), { optimizer, engine })
    await expect(trainer.evaluate(found as never)).rejects.toThrow(asked)
  })

  it('asks for a saved state, and for images in a batch', async () => {
    await using trainer = await createTrainer(new Sequential(new Linear(1, 2)), { optimizer, engine })
    for (const nothing of [undefined, null, {}])
      await expect(trainer.restore(nothing as never)).rejects.toThrow('restore: state: expected a state, as')
    await expect(trainer.restore(trainer.save() as never)).rejects.toThrow('got a promise: await it')
    await expect(trainer.step({ images: zeros([0, 1]), labels: [] })).rejects.toThrow(
      new TrainError('step: the batch is empty: its images are float32[0, 1]')
    )
    expect(trainer.steps).toBe(0)
  })

  it('asks for a list of patterns where it is given one', () => {
    expect(() => freeze(new Linear(1, 1), 'layer1' as never)).toThrow(
      "freeze: patterns: expected an array, each a string, got 'layer1'"
    )
  })
})

describe('freezeBatchNorm', () => {
  it('sets the layers that keep statistics to evaluation mode, and nothing else', () => {
    const norms = [new BatchNorm2d(2), new BatchNorm2d(2, { trackRunningStats: false })]
    const net = new Sequential(norms[0], new Sequential(norms[1], new Conv2d(2, 2, 1)))
    expect(freezeBatchNorm(net)).toBe(net)
    expect([...net.modules()].map(({ training }) => training)).toEqual([true, false, true, true, true])
    expect([...net.parameters()].every(({ requiresGrad }) => requiresGrad)).toBe(true)
    expect(() => freezeBatchNorm(new Linear(1, 1))).toThrow(
      'freezeBatchNorm: Linear has no BatchNorm2d with statistics to keep'
    )
    expect(() => freezeBatchNorm(BatchNorm2d as never)).toThrow('freezeBatchNorm: net: expected a Module')
  })
})

describe('fit', () => {
  const dataset = packed

  it.each([undefined, NaN, -1, '3'])('asks for a number of batches, not %s', async length => {
    const trainer = { accumulate: 1, net: new Linear(1, 1) } as unknown as Trainer
    const train = { length, epoch: () => [] } as never
    await expect(fit(trainer, { train, epochs: 1 })).rejects.toThrow(
      'fit: train: length: expected a whole number of at least 0'
    )
  })

  it.each(['train', 'validation'] as const)('asks for a loader where %s is a dataset', async name => {
    const trainer = { accumulate: 1, net: new Linear(1, 1) } as unknown as Trainer
    const loader = { length: 0, epoch: () => [] }
    await expect(fit(trainer, { train: loader, epochs: 1, [name]: dataset as never })).rejects.toThrow(
      `fit: ${name}: expected a loader such as createLoader(dataset, { batchSize: 32 }), got an object`
    )
  })

  it('asks for a trainer where it is given a network', async () => {
    const options = { train: { length: 0, epoch: () => [] }, epochs: 1 }
    await expect(fit(new Linear(1, 1) as never, options)).rejects.toThrow(
      'fit: trainer: expected a trainer as createTrainer makes, got a function'
    )
  })
})
