// What is said of arguments that are something else, before any engine starts.
import { describe, expect, it } from 'vitest'
import { Conv2d } from '../nn/layers/convolution.js'
import { Linear } from '../nn/layers/linear.js'
import { sgd } from '../optim/sgd.js'
import { fit } from './fit.js'
import { createTrainer, freeze, type Trainer } from './trainer.js'
import { packedDataset } from '../data/dataset.js'

const optimizer = sgd({ lr: 0.1 })

describe('the trainer', () => {
  it('asks for an instance where it is given a class', async () => {
    const trainer = createTrainer(Conv2d as never, { optimizer })
    await expect(trainer).rejects.toThrow('createTrainer: net: expected a Module, got the function Conv2d')
  })

  it('asks for a list of patterns where it is given one', () => {
    expect(() => freeze(new Linear(1, 1), 'layer1' as never)).toThrow(
      "freeze: patterns: expected an array, each a string, got 'layer1'"
    )
  })
})

describe('fit', () => {
  const dataset = packedDataset({
    data: new Uint8Array(4),
    labels: [0],
    width: 2,
    height: 2,
    channels: 1,
    classes: ['a']
  } as never)

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
