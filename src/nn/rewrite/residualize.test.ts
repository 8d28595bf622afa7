// Traditional networks made residual and back: the layers and weights stay, and so does what is computed.
import { beforeEach, describe, expect, it } from 'vitest'
import { CifarResNet } from '../../models/resnet/cifar-resnet.js'
import { SKIPS } from '../../models/model-options.js'
import { findModel, MODELS } from '../../models/registry.js'
import { ResNet, resnet18, Bottleneck } from '../../models/resnet/resnet.js'
import { vgg11, vgg16_bn } from '../../models/vgg/vgg.js'
import { findJoins } from '../../ir/joins.js'
import { interpret } from '../../ir/testing/interpret.js'
import { expectClose } from '../../ir/testing/expect-close.js'
import type { Value } from '../../ir/ops.js'
import { relu } from '../../ir/functional/elementwise.js'
import { manualSeed, rand } from '../../tensor/random/random.js'
import { ReLU, Sigmoid } from '../layers/activation.js'
import { BatchNorm2d } from '../layers/normalisation.js'
import { Conv2d } from '../layers/convolution.js'
import { AdaptiveAvgPool2d, MaxPool2d } from '../layers/pooling.js'
import { Gated, Residual } from '../layers/residual.js'
import { Sequential } from '../layers/containers.js'
import { Module } from '../module/module.js'
import { plainTwin } from './plain.js'
import { residualize } from './residualize.js'
import { trace } from '../trace/trace.js'

const conv = (from: number, to: number, stride = 1): Conv2d => new Conv2d(from, to, 3, { stride, padding: 1 })
const pair = (from: number, to = from, stride = 1): Module[] => [
  ...[conv(from, to, stride), new BatchNorm2d(to), new ReLU()],
  ...[conv(to, to), new BatchNorm2d(to), new ReLU()]
]
const types = (net: Iterable<Module>): string => Array.from(net, ({ typeName }) => typeName).join(' ')
const joins = (net: Module, shape: readonly (number | 'N')[]): number =>
  findJoins(trace(net, shape).graph).filter(({ op }) => op === 'add').length

/** Expects two networks to share every layer, and to compute the same. */
function expectEqual(found: Module, expected: Module, shape: readonly number[]): void {
  expect(String(found)).toBe(String(expected))
  expect([...found.parameters()]).toEqual([...expected.parameters()])
  expect([...found.stateDict().keys()]).toEqual([...expected.stateDict().keys()])
  const x = rand(shape)
  const run = (net: Module) => interpret(trace(net, shape).graph, { x }).logits
  expectClose(run(found), run(expected), 0)
}

// What the tests before drew, or would have drawn, is not waited for.
beforeEach(() => {
  manualSeed(0)
})

describe('residualize', () => {
  it('wraps two convolutions in a row, normalised or not, and leaves the activation behind the sum', () => {
    const net = new Sequential(
      conv(3, 4),
      new ReLU(),
      ...pair(4),
      conv(4, 4),
      new ReLU(),
      conv(4, 4),
      new ReLU()
    )
    const made = residualize(net)
    expect(types(made)).toBe('Conv2d ReLU Residual ReLU Residual ReLU')
    expect(
      [...made].filter(layer => layer instanceof Residual).map(({ body }) => types(body.children()))
    ).toEqual(['Conv2d BatchNorm2d ReLU Conv2d BatchNorm2d', 'Conv2d ReLU Conv2d'])
    expect([...made.parameters()]).toEqual([...net.parameters()])
    expect(joins(made, ['N', 3, 8, 8])).toBe(2)
    const first = residualize(new Sequential(...[...net].slice(2, 8)))
    const { graph } = trace(new Sequential(...[...net].slice(2, 7)), [1, 4, 6, 6])
    const features = rand([1, 4, 6, 6])
    const f = interpret(graph, { x: features }).logits
    const sum = f.data.map((value, i) => Math.max(0, value + features.data[i]))
    expectClose(
      interpret(trace(first, [1, 4, 6, 6]).graph, { x: features }).logits,
      { ...f, data: sum },
      1e-12
    )
  })

  it('leaves what changes the shape, unless it may project', () => {
    const net = new Sequential(...pair(3, 6, 2), ...pair(6))
    expect(types(residualize(net))).toBe('Conv2d BatchNorm2d ReLU Residual ReLU Conv2d BatchNorm2d ReLU')
    const projected = residualize(net, { shortcut: 'B' })
    expect(types(projected)).toBe('Residual ReLU Residual ReLU')
    expect(joins(projected, ['N', 3, 8, 8])).toBe(2)
    const padded = residualize(net, { shortcut: 'A' })
    expect([...padded.parameters()]).toEqual([...net.parameters()])
    expect(joins(padded, ['N', 3, 8, 8])).toBe(2)
    // Zeros cannot take channels away, and one channel must not stretch to all.
    const narrowing = new Sequential(...pair(6, 3))
    expect(residualize(narrowing, { shortcut: 'A' })).toBe(narrowing)
    const single = new Sequential(conv(6, 3), new ReLU(), conv(3, 1), new ReLU(), conv(1, 2))
    expect(residualize(single)).toBe(single)
    expect(
      trace(residualize(single, { shortcut: 'B' }), ['N', 6, 8, 8]).graph.outputs[0].value.shape
    ).toEqual(['N', 2, 8, 8])
  })

  it('returns the network where nothing fits', () => {
    for (const net of [
      new Sequential(conv(3, 4), new MaxPool2d(2), conv(4, 4)),
      new Sequential(conv(4, 4), new Sigmoid(), conv(4, 4)),
      new Sequential(new Conv2d(4, 4, 3), new ReLU(), new Conv2d(4, 4, 3)),
      new Sequential(),
      vgg11().classifier
    ])
      expect(residualize(net)).toBe(net)
    const done = residualize(new Sequential(...pair(4)))
    expect(residualize(done)).toBe(done)
  })

  it('finds sequences inside of others, by name or number, and in any module', () => {
    class Net extends Module {
      readonly features = new Sequential({
        stem: conv(3, 4),
        act: new ReLU(),
        stage: new Sequential(...pair(4))
      })
      readonly head = new Sequential({
        conv1: conv(4, 4),
        relu: new ReLU(),
        conv2: conv(4, 4),
        pool: new AdaptiveAvgPool2d(1)
      })
      forward(x: Value): Value {
        return relu(this.head(this.features(x)))
      }
    }
    const net = new Net().eval()
    const made = residualize(net)
    expect(made).toBeInstanceOf(Net)
    expect(joins(made, ['N', 3, 8, 8])).toBe(2)
    expect([...made.stateDict().keys()].filter(key => key.includes('head'))).toEqual([
      'head.conv1.body.conv1.weight',
      'head.conv1.body.conv1.bias',
      'head.conv1.body.conv2.weight',
      'head.conv1.body.conv2.bias'
    ])
    expect([...made.modules()].some(({ training }) => training)).toBe(false)
    expectEqual(plainTwin(made), net, [1, 3, 8, 8])
  })

  it('leaves a sequence alone whose own forward may do more than call its layers', () => {
    class Skipping extends Sequential {
      override forward(x: Value): Value {
        return relu((this.at(0) as Conv2d)(x))
      }
    }
    const net = new Sequential(new Skipping(...pair(4)))
    expect(residualize(net)).toBe(net)
  })

  it('refuses what a copy would not compute: a forward that is a field, and private fields', () => {
    class Arrow extends Module {
      body = new Sequential(...pair(4))
      override forward = (x: Value): Value => this.body(x)
    }
    class Private extends Module {
      readonly #scale = 2
      body = new Sequential(...pair(4))
      forward(x: Value): Value {
        return this.#scale > 1 ? this.body(x) : x
      }
    }
    expect(() => residualize(new Arrow())).toThrow('Arrow cannot be copied: its forward is a field')
    expect(() => residualize(new Private())).toThrow('Private cannot be copied: it has #private fields')
  })

  it('makes VGG-16 residual: a shortcut in every stage with two convolutions that keep its width', () => {
    const net = vgg16_bn({ numClasses: 10 })
    const made = residualize(net)
    expect(
      types(made.features)
        .split(' ')
        .filter(type => type === 'Residual')
    ).toHaveLength(3)
    expect(String(plainTwin(made))).toBe(String(net))
    expect([...plainTwin(made).parameters()]).toEqual([...net.parameters()])
  })
})

describe('plain', () => {
  it('undoes residualize, whatever it is made of', () => {
    manualSeed(3)
    const nested = new Sequential(
      conv(3, 4),
      ...pair(4),
      new Sequential(...pair(4), new MaxPool2d(2)),
      ...pair(4, 6)
    )
    expectEqual(plainTwin(residualize(nested)), nested, [2, 3, 8, 8])
    expectEqual(plainTwin(residualize(nested, { shortcut: 'B' })), nested, [2, 3, 8, 8])
  })

  it('keeps a body whose names are taken in its place', () => {
    const net = new Sequential({
      conv1: conv(4, 4),
      again: new Residual(new Sequential({ conv1: conv(4, 4) }))
    })
    expect([...plainTwin(net).stateDict().keys()]).toEqual([
      'conv1.weight',
      'conv1.bias',
      'again.conv1.weight',
      'again.conv1.bias'
    ])
  })

  it('makes the plain twin of every network there is', () => {
    const heavy = /101|152|110|164|200|269|x|vgg|wide|rs[1-4]|senet|50[dst]|50_gn|50_[1-4]/
    for (const name of Object.keys(MODELS).filter(each => !heavy.test(each) || each === 'resnet50d')) {
      const { build } = findModel(name)
      const [net, twin] = [build(), build({ residual: false })]
      const made = plainTwin(net)
      expect(String(made), name).toBe(String(twin))
      const shared = new Set(net.parameters())
      expect([...made.parameters()].every(parameter => shared.has(parameter))).toBe(true)
      expect(
        findJoins(trace(made, ['N', 3, 64, 64]).graph).filter(
          ({ op }) => op === 'add' && !name.includes('cbam')
        )
      ).toEqual([])
    }
  })

  it('leaves the network it is made of as it was', () => {
    const net = new ResNet(Bottleneck, [1, 1, 1, 1], { stochasticDepth: 0.3 })
    const before = String(net)
    const made = plainTwin(net)
    expect(String(net)).toBe(before)
    expect(String(made)).toBe(String(new ResNet(Bottleneck, [1, 1, 1, 1], { residual: false })))
    expect(joins(net, ['N', 3, 64, 64])).toBe(4)
  })

  it('takes gates from shortcuts, and gates that are blocks themselves', () => {
    for (const skip of SKIPS) {
      const net = new CifarResNet(8, { skip })
      const twin = new CifarResNet(8, { residual: false })
      // Parameters are numbered when they are traced first.
      trace(twin, ['N', 3, 8, 8])
      const ops = (each: Module): readonly string[] =>
        trace(each, ['N', 3, 8, 8]).graph.values.map(({ origin }) =>
          origin.kind === 'node' ? origin.op : origin.kind
        )
      expect(ops(plainTwin(net))).toEqual(ops(twin))
      expect([...plainTwin(net).stateDict().keys()]).toEqual([...twin.stateDict().keys()])
    }
    const gated = new Gated(conv(4, 4))
    expect(plainTwin(gated)).toBe(gated.body)
    expect(plainTwin(vgg11())).toBeInstanceOf(vgg11().constructor)
  })

  it('keeps one copy of what is used twice', () => {
    const block = new Residual(conv(4, 4))
    const made = plainTwin(new Sequential(block, new ReLU(), block))
    const [first, , second] = made.children()
    expect(first).toBe(second)
    const whole = resnet18()
    const twice = plainTwin(plainTwin(whole))
    expect(String(twice)).toBe(String(plainTwin(whole)))
    expect(twice.stateDict()).toEqual(plainTwin(whole).stateDict())
  })
})
