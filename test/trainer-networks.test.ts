// Networks that a trainer takes: parameters named like the training graph's own inputs, a layer under two names, and
// batches with ignored labels.
import { afterAll, describe, expect, it } from 'vitest'
import {
  add,
  createEngine,
  createLoader,
  createTrainer,
  crossEntropy,
  digits,
  Flatten,
  Linear,
  Module,
  ones,
  Parameter,
  sgd,
  toTensor,
  type Value
} from 'resnet-ts'
import { subset } from 'resnet-ts/data'
import { flatten, mul } from 'resnet-ts/functional'
import { bands, CLASSES } from './support/small-training.js'

const engine = createEngine({ threads: 1 })
afterAll(() => engine.dispose())
const optimizer = sgd({ lr: 0.05, momentum: 0.9 })

/** Parameters with every name that the training graph itself uses. */
class Misnamed extends Module {
  x = new Parameter(ones([1, CLASSES]))
  target = new Parameter(ones([1, CLASSES]))
  learning_rate = new Parameter(ones([1, CLASSES]))
  loss = new Parameter(ones([1, CLASSES]))
  logits = new Linear(64, CLASSES)
  forward(images: Value): Value {
    const named = mul(mul(this.x, this.target), mul(this.learning_rate, this.loss))
    return mul(this.logits(flatten(images, 1)), named)
  }
}

class Shared extends Module {
  flat = new Flatten()
  first = new Linear(64, 64)
  again = this.first
  head = new Linear(64, CLASSES)
  forward(images: Value): Value {
    const x = this.first(this.flat(images))
    return this.head(add(x, this.again(x)))
  }
}

describe("a network whose parameters have the names of the training graph's inputs", () => {
  it('is trained like any other', async () => {
    const net = new Misnamed()
    await using trainer = await createTrainer(net, { optimizer, engine })
    const batch = bands(24, 1)
    const first = await trainer.step(batch)
    for (let i = 0; i < 15; i++) await trainer.step(batch)
    const last = await trainer.step(batch)
    expect(last.loss).toBeLessThan(0.7 * first.loss)
    const state = await trainer.stateDict()
    for (const name of ['x', 'target', 'learning_rate', 'loss']) {
      expect(Array.from(state.get(name)?.data ?? [], Number)).not.toEqual([1, 1, 1])
    }
    expect((await trainer.evaluate([batch])).accuracy).toBeGreaterThan(0.5)
  })
})

describe('a layer under two names', () => {
  it('has its moving average under both, like its weights', async () => {
    const net = new Shared()
    await using trainer = await createTrainer(net, { optimizer, engine, ema: { decay: 0.5 } })
    await trainer.step(bands(12, 1))
    const averaged = await trainer.averagedStateDict()
    expect([...averaged.keys()]).toEqual([...net.stateDict().keys()])
    expect(averaged.get('again.weight')?.data).toEqual(averaged.get('first.weight')?.data)
    expect(() => new Shared().loadStateDict(averaged)).not.toThrow()
  })
})

describe('ignored labels', () => {
  it('are neither right nor wrong', async () => {
    await using trainer = await createTrainer(new Shared(), {
      optimizer,
      engine,
      loss: crossEntropy({ ignoreIndex: 255 })
    })
    const { images, labels } = bands(12, 1)
    const some = labels.map((label, i) => (i < 8 ? label : 255))
    const ofAll = await trainer.evaluate([{ images, labels: some }])
    const step = await trainer.step({ images, labels: some })
    expect(step.labelled).toBe(8)
    expect(step.accuracy).toBe(ofAll.accuracy)
    const none = await trainer.step({ images, labels: labels.map((_, i) => (i === 0 ? 0 : 255)) })
    expect(none.labelled).toBe(1)
  })
})

describe('the index of a batch', () => {
  it('is its index in the epoch, wherever the epoch starts', async () => {
    const loader = createLoader(
      subset(
        await digits(),
        Array.from({ length: 20 }, (_, i) => i)
      ),
      {
        batchSize: 4,
        transforms: [toTensor()],
        workers: 0
      }
    )
    const places = async (from: number): Promise<number[]> => {
      const found: number[] = []
      for await (const { place } of loader.epoch(0, { from })) found.push(place)
      return found
    }
    expect(await places(0)).toEqual([0, 1, 2, 3, 4])
    expect(await places(3)).toEqual([3, 4])
    await expect(places(-1)).rejects.toThrow('from: expected a whole number of at least 0, got -1')
  })
})
