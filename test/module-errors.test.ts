// Mistakes in networks that users write: each is reported in one clear sentence.
import { add, compile, mean, mul, rand, relu, ResnetError, type Value } from 'resnet-ts/functional'
import { compareNetworks, drawDiagram } from 'resnet-ts/inspect'
import { BasicBlock, cbam_resnet18, plainTwin, resnet18, ResNet, type BlockOptions } from 'resnet-ts/models'
import {
  CBAM,
  Conv2d,
  Gated,
  Module,
  Residual,
  Sequential,
  Sigmoid,
  SqueezeExcitation,
  trace
} from 'resnet-ts/nn'
import { describe, expect, it } from 'vitest'

const image = ['N', 3, 8, 8] as const

describe('a forward that gives no value', () => {
  const giving = (result: unknown): Module => {
    class Wrong extends Module {
      forward(_: Value): Value {
        return result as Value
      }
    }
    return new Wrong()
  }

  it.each([
    [undefined, 'undefined'],
    [{ a: 1 }, 'an object'],
    [[], 'an array'],
    [Promise.resolve(), 'a promise']
  ])('is named: %s', (result, found) => {
    expect(() => trace(giving(result), image)).toThrow(
      `Wrong: forward should return a Value, but returned ${found}`
    )
    expect(() => trace(new Sequential(giving(result)), image)).toThrow(
      `0: forward should return a Value, but returned ${found}`
    )
  })
})

describe('compile in plain JavaScript', () => {
  const untyped = (net: unknown, options: unknown): Promise<unknown> =>
    compile(net as Module, options as { input: typeof image })

  it.each([
    [
      Conv2d,
      { input: image },
      'compile: net: expected a network such as resnet18(), got the function Conv2d'
    ],
    [new Conv2d(3, 4, 3), { input: [-1, 3, 4, 4] }, 'got [-1, 3, 4, 4]'],
    [new Conv2d(3, 4, 3), { input: 'abc' }, "input: expected a shape such as ['N', 3, 224, 224], got 'abc'"],
    [new Conv2d(3, 4, 3), { input: [NaN, 3] }, 'got [NaN, 3]'],
    [new Conv2d(3, 4, 3), { input: image, outputs: 'x' }, 'outputs: expected an array, each a string']
  ])('is told what is wrong: %o, %o', async (net, options, fault) => {
    await expect(untyped(net, options)).rejects.toThrow(fault)
    await expect(untyped(net, options)).rejects.toBeInstanceOf(ResnetError)
  })
})

describe('a module called as a network’s own output or input', () => {
  class FCN extends Module {
    features = new Conv2d(3, 8, 3, { padding: 1 })
    logits = new Conv2d(8, 5, 1)
    forward(x: Value): Value {
      return mean(this.logits(relu(this.features(x))), [2, 3])
    }
  }

  it('runs', async () => {
    await using run = await compile(new FCN(), { input: image })
    expect((await run(rand([2, 3, 8, 8]))).shape).toEqual([2, 5])
  })

  it('says why its result needs another name', () => {
    expect(() => trace(new FCN(), image, ['logits'])).toThrow(
      "outputs: 'logits' is what the network's own output is called"
    )
  })
})

describe('plain', () => {
  it('keeps a gate that is part of F', () => {
    class GatedBlock extends BasicBlock {
      readonly gate: Gated
      constructor(inPlanes: number, planes: number, options?: BlockOptions) {
        super(inPlanes, planes, options)
        this.gate = new Gated(new Sequential(new Conv2d(planes, planes, 1), new Sigmoid()))
      }
      protected override refine(out: Value): Value {
        return super.refine(this.gate(out))
      }
    }
    const net = new ResNet(GatedBlock, [1, 1, 1, 1])
    const twin = plainTwin(net)
    trace(twin, ['N', 3, 64, 64])
    const gates = (of: Module): string[] =>
      Array.from(of.namedParameters(), ([name]) => name).filter(name => name.includes('gate'))
    expect(gates(twin)).toEqual(gates(net))
  })

  it('keeps the forward of a body that is more than a sequence', async () => {
    class Doubled extends Sequential {
      override forward(x: Value): Value {
        return mul(super.forward(x), 2)
      }
    }
    const body = new Doubled(new Conv2d(3, 3, 3, { padding: 1 }))
    await using expected = await compile(body, { input: image })
    await using found = await compile(plainTwin(new Sequential(new Residual(body))), { input: image })
    const x = rand([1, 3, 8, 8])
    expect((await found(x)).data).toEqual((await expected(x)).data)
  })
})

describe('Residual', () => {
  it('asks the body about the channels it is told of', () => {
    class Own extends Module {
      second = new Conv2d(16, 32, 3, { padding: 1 })
      first = new Conv2d(8, 16, 3, { padding: 1, stride: 2 })
      forward(x: Value): Value {
        return this.second(this.first(x))
      }
    }
    const { shortcut } = new Residual(new Own(), { inChannels: 8 })
    expect(String(shortcut)).toContain('Conv2d(8, 32, kernel_size=(1, 1), stride=(2, 2), bias=False)')
  })
})

describe('too few channels', () => {
  it('are refused where a gate is made of them', () => {
    expect(() => new CBAM(8)).toThrow('ChannelGate: a reduction ratio of 16 is too much for 8 channels')
    expect(() => new SqueezeExcitation(8, 0.5)).toThrow(
      'SqueezeExcitation: squeezeChannels: expected a whole number of at least 1, got 0.5'
    )
  })
})

describe('zeroInitResidual', () => {
  it('says where there is nothing to be zero', () => {
    const normLayer = (channels: number): Module => new Sequential(new Conv2d(channels, channels, 1))
    expect(() => resnet18({ normLayer, zeroInitResidual: true })).toThrow(
      "zeroInitResidual: the last layer of BasicBlock's F is Sequential, expected a layer with a weight that learns"
    )
  })
})

describe('compareNetworks', () => {
  it('refuses an input that no memory holds', async () => {
    const net = new Sequential(new Conv2d(3, 3, 1))
    await expect(compareNetworks(net, net, { input: [1, 3, 99_999, 99_999], runs: 1 })).rejects.toThrow(
      'compare: an input of [1, 3, 99999, 99999] has 29999400003 elements, more than can be measured'
    )
  })
})

describe('diagrams', () => {
  const kinds = (net: Module): string =>
    drawDiagram(net, { style: 'block', input: [1, 3, 64, 64] }).replaceAll(/<[^>]*>/g, ' ')

  it('draw the residual block, and not what its gates are computed by', () => {
    const drawn = kinds(cbam_resnet18())
    expect(drawn).toContain('CBAMBasicBlock')
    expect(drawn).not.toMatch(/\bChannelGate\b.{0,40}blocks/)
  })

  it('draw blocks of an own module whose branches are both computed', () => {
    class Two extends Module {
      left = new Conv2d(3, 3, 3, { padding: 1 })
      right = new Conv2d(3, 3, 1)
      forward(x: Value): Value {
        return add(this.left(x), this.right(x))
      }
    }
    expect(kinds(new Sequential(new Two(), new Two()))).toContain('Two')
  })
})
