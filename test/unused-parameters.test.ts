// A parameter that the loss does not depend on has no gradient, and torch's optimisers do not update it.
import { createTrainer, Linear, Module, rand, sgd, type Value } from 'resnet-ts'
import { describe, expect, it } from 'vitest'

class HalfUsed extends Module {
  readonly used = new Linear(4, 3)
  readonly unused = new Linear(4, 3)
  forward(x: Value): Value {
    return this.used(x)
  }
}

class Unlearned extends Module {
  readonly unused = new Linear(4, 3)
  forward(x: Value): Value {
    return x
  }
}

const batch = { images: rand([2, 4]), labels: Int32Array.of(0, 1) }

describe('an unused layer', () => {
  it('keeps its weights without weight decay', async () => {
    const net = new HalfUsed()
    const before = { used: net.used.weight.data.data.slice(), unused: net.unused.weight.data.data.slice() }
    await using trainer = await createTrainer(net, {
      optimizer: sgd({ lr: 0.1, momentum: 0.9, weightDecay: 0.5 })
    })
    const { gradientNorms } = await trainer.step(batch)
    await trainer.stateDict()
    expect([...gradientNorms.keys()]).toEqual(['used.weight', 'used.bias'])
    expect(net.used.weight.data.data).not.toEqual(before.used)
    expect(net.unused.weight.data.data).toEqual(before.unused)
  })

  it('is refused as the only layer', async () => {
    await using trainer = await createTrainer(new Unlearned(), { optimizer: sgd({ lr: 0.1 }) })
    await expect(trainer.step(batch)).rejects.toThrow('the loss depends on no trainable parameter')
  })
})
