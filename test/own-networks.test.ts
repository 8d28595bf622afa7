// Networks that users write: F(x) + x, F(x) · x, pretrained layers of other networks, functional ops in a forward.
import { describe, expect, it } from 'vitest'
import {
  add,
  BatchNorm2d,
  compile,
  Conv2d,
  Gated,
  Linear,
  manualSeed,
  Module,
  ones,
  Parameter,
  rand,
  randn,
  relu,
  ReLU,
  Residual,
  resnet18,
  Sequential,
  Sigmoid,
  type Value
} from 'resnet-ts'
import {
  avgPool2d,
  cat,
  flatten,
  matmul,
  mean,
  mul,
  pad,
  reshape,
  sigmoid,
  softmax,
  transpose
} from 'resnet-ts/functional'
import { expectClose } from './support/closeness.js'

const input = ['N', 4, 6, 6] as const

describe('a network that a user writes', () => {
  it('adds the identity, F(x) + x, and multiplies by it, F(x) · x', async () => {
    const body = (): Module => new Sequential(new Conv2d(4, 4, 3, { padding: 1 }), new Sigmoid())
    class Tiny extends Module {
      plus = new Residual(body())
      times = new Gated(body())
      forward(x: Value): Value {
        return this.times(this.plus(x))
      }
    }
    const run = await compile(new Tiny(), { input, outputs: ['plus', 'plus.body', 'times.body'] })
    const x = randn([2, 4, 6, 6])
    const { logits, plus, 'plus.body': f, 'times.body': gate } = await run(x)
    expectClose(
      'F(x) + x',
      plus.data,
      f.data.map((value, i) => value + x.data[i]),
      { tolerance: 1e-6 }
    )
    expectClose(
      'F(x) · x',
      logits.data,
      gate.data.map((value, i) => value * plus.data[i]),
      { tolerance: 1e-6 }
    )
  })

  it('projects the shortcut if the shape changes', async () => {
    const shortcut = new Conv2d(4, 8, 1, { stride: 2 })
    const net = new Residual(new Sequential(new Conv2d(4, 8, 3, { stride: 2, padding: 1 }), new ReLU()), {
      shortcut
    })
    const run = await compile(net, { input, outputs: ['body', 'shortcut'] })
    const { logits, body, shortcut: side } = await run(rand([1, 4, 6, 6]))
    expectClose(
      'projected',
      logits.data,
      body.data.map((value, i) => value + side.data[i]),
      { tolerance: 1e-6 }
    )
  })

  it('uses functional ops and its own parameters', async () => {
    class Attention extends Module {
      scale = new Parameter([1])
      qkv = new Conv2d(4, 12, 1)
      head = new Linear(4, 3)
      forward(x: Value): Value {
        const tokens = transpose(reshape(this.qkv(x), ['N', 12, 36]), 1, 2) // [N, 36, 12]
        const weights = softmax(matmul(tokens, transpose(tokens, 1, 2)), -1) // [N, 36, 36]
        const mixed = add(mul(matmul(weights, tokens), this.scale), tokens)
        const back = reshape(transpose(mixed, 1, 2), ['N', 12, 6, 6])
        const pooled = avgPool2d(pad(cat([back, relu(x)], 1), [1, 1, 1, 1]), 2) // [N, 16, 4, 4]
        const channels = mean(sigmoid(pooled), [2, 3])
        return this.head(reshape(channels, ['N', 4, 4]))
      }
    }
    const net = new Attention()
    expect([...net.stateDict().keys()]).toEqual([
      'scale',
      'qkv.weight',
      'qkv.bias',
      'head.weight',
      'head.bias'
    ])
    const run = await compile(net, { input })
    const logits = await run(randn([3, 4, 6, 6]))
    expect(logits.shape).toEqual([3, 4, 3])
    expect(logits.data.every(Number.isFinite)).toBe(true)
  })

  it('reuses layers of another network with their weights', async () => {
    manualSeed(2)
    const whole = resnet18({ numClasses: 10 })
    const trunk = new Sequential(...[...whole.children()].slice(0, -1))
    class Finetuned extends Module {
      trunk = trunk.requiresGrad(false)
      head = new Linear(512, 2)
      forward(x: Value): Value {
        return this.head(flatten(this.trunk(x), 1))
      }
    }
    const net = new Finetuned()
    expect(net.stateDict().get('trunk.0.weight')).toBe(whole.stateDict().get('conv1.weight'))
    expect(
      [...net.namedParameters()].filter(([, { requiresGrad }]) => requiresGrad).map(([name]) => name)
    ).toEqual(['head.weight', 'head.bias'])
    const x = rand([2, 3, 64, 64])
    const original = await compile(whole, { input: ['N', 3, 64, 64], outputs: ['avgpool'] })
    const lifted = await compile(net, { input: ['N', 3, 64, 64], outputs: ['trunk'] })
    expect((await lifted(x)).trunk.data).toEqual((await original(x)).avgpool.data)
  })

  it('normalises by given statistics instead of the batch’s', async () => {
    const net = new BatchNorm2d(4)
    net.loadStateDict(net.stateDict().set('running_mean', ones([4])))
    const run = await compile(net, { input })
    const x = rand([1, 4, 6, 6])
    expectClose(
      'normalised',
      (await run(x)).data,
      x.data.map(value => (value - 1) / Math.sqrt(1 + 1e-5))
    )
  })
})
