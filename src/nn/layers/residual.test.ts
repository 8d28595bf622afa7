// F(x) + x and F(x) · x around any body: which shortcut is made, that it fits, and what is said where it cannot.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, mul } from '../../ir/functional/elementwise.js'
import { mean } from '../../ir/functional/reduction.js'
import { findJoins } from '../../ir/joins.js'
import { interpret } from '../../ir/testing/interpret.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError, ShapeError } from '../../base/errors.js'
import { manualSeed, rand } from '../../tensor/random/random.js'
import { Module } from '../module/module.js'
import { trace } from '../trace/trace.js'
import { ReLU, Sigmoid } from './activation.js'
import { BatchNorm2d } from './normalisation.js'
import { Conv2d } from './convolution.js'
import { Linear } from './linear.js'
import { Dropout } from './dropout.js'
import { Gated, PaddedIdentity, Residual } from './residual.js'
import { AdaptiveAvgPool2d, MaxPool2d } from './pooling.js'
import { Sequential } from './containers.js'
import { Flatten } from './shaping.js'
import { SqueezeExcitation } from './attention.js'

const conv = (from: number, to: number, stride = 1): Conv2d =>
  new Conv2d(from, to, 3, { stride, padding: 1, bias: false })
const resultOf = (net: Module, shape: readonly (number | 'N')[]): readonly (number | 'N')[] =>
  trace(net, shape).graph.outputs[0].value.shape

describe('Residual', () => {
  it('adds x itself where the shapes agree, and draws nothing', () => {
    const next = (make: boolean): number => {
      manualSeed(5)
      const body = conv(4, 4)
      if (make) new Residual(body)
      return rand([1]).data[0]
    }
    expect(new Residual(new Sequential(conv(4, 8), new ReLU(), conv(8, 4))).shortcut).toBeUndefined()
    expect(next(true)).toBe(next(false))
  })

  it('projects where channels or size change', () => {
    const net = new Residual(new Sequential(conv(4, 8, 2), new BatchNorm2d(8), new ReLU(), conv(8, 8)))
    expect(String(net)).toContain(
      [
        '  (shortcut): Sequential(',
        '    (0): Conv2d(4, 8, kernel_size=(1, 1), stride=(2, 2), bias=False)',
        '    (1): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)'
      ].join('\n')
    )
    expect(resultOf(net, ['N', 4, 17, 30])).toEqual(['N', 8, 9, 15])
    expect([...net.stateDict().keys()].filter(key => key.startsWith('shortcut')).slice(0, 2)).toEqual([
      'shortcut.0.weight',
      'shortcut.1.weight'
    ])
  })

  it('fits whatever the channels, strides and sizes are', () => {
    const layer = fc.record({
      to: fc.integer({ min: 1, max: 6 }),
      stride: fc.integer({ min: 1, max: 3 }),
      bias: fc.boolean(),
      kernel: fc.constantFrom(1, 3, 5)
    })
    const body = fc.record({
      from: fc.integer({ min: 1, max: 6 }),
      layers: fc.array(layer, { minLength: 1, maxLength: 3 })
    })
    fc.assert(
      fc.property(
        body,
        fc.constantFrom<'A' | 'B' | 'C'>('A', 'B', 'C'),
        fc.integer({ min: 30, max: 60 }),
        fc.integer({ min: 30, max: 60 }),
        ({ from, layers }, shortcut, height, width) => {
          const to = layers[layers.length - 1].to
          let channels = from
          const convolutions = layers.map(({ to: out, stride, bias, kernel }) => {
            const made = new Conv2d(channels, out, kernel, { stride, bias, padding: (kernel - 1) / 2 })
            channels = out
            return made
          })
          const make = (): Residual => new Residual(new Sequential(...convolutions), { shortcut })
          if (shortcut === 'A' && to < from && to > 1) {
            expect(make).toThrow(`${from} channels cannot be padded to ${to}`)
            return
          }
          if (to === 1 && from > 1) return // Stretches to all channels: below.
          const net = make()
          const [, ...size] = resultOf(new Sequential(...convolutions), ['N', from, height, width])
          expect(resultOf(net, ['N', from, height, width])).toEqual(['N', ...size])
          const keeps = layers.every(({ stride }) => stride === 1) && to === from
          expect(net.shortcut === undefined).toBe(keeps && shortcut !== 'C')
          if (shortcut === 'A') expect([...(net.shortcut?.parameters() ?? [])]).toEqual([])
        }
      ),
      { numRuns: 60 }
    )
  })

  it('pads with zeros in option A: every second pixel, between channels of zeros', () => {
    class Nothing extends Module {
      readonly conv = conv(2, 5, 2)
      forward(x: Value): Value {
        return mul(this.conv(x), 0)
      }
    }
    const { graph } = trace(new Residual(new Nothing(), { shortcut: 'A' }), [1, 2, 4, 4])
    const x = rand([1, 2, 4, 4])
    const { data, shape } = interpret(graph, { x }).logits
    expect(shape).toEqual([1, 5, 2, 2])
    const kept = [0, 2, 8, 10, 16, 18, 24, 26].map(i => x.data[i])
    expect([...data]).toEqual([0, 0, 0, 0, ...kept, ...Array.from({ length: 8 }, () => 0)])
  })

  it('projects features with a linear layer', () => {
    const net = new Residual(new Sequential(new Linear(8, 16), new ReLU(), new Linear(16, 4)))
    expect(String(net.shortcut)).toBe('Linear(in_features=8, out_features=4, bias=False)')
    expect(resultOf(net, ['N', 8])).toEqual(['N', 4])
    expect(resultOf(net, ['N', 7, 8])).toEqual(['N', 7, 4])
    expect(new Residual(new Sequential(new Linear(8, 3), new Linear(3, 8))).shortcut).toBeUndefined()
    const padded = new Residual(new Linear(8, 12), { shortcut: 'A' })
    expect(resultOf(padded, ['N', 8])).toEqual(['N', 12])
  })

  it('projects nothing where F(x) stretches to x', () => {
    const pooled = new Sequential(new AdaptiveAvgPool2d(1), new Conv2d(8, 8, 1), new Sigmoid())
    const spatial = new Sequential(new Conv2d(8, 1, 7, { padding: 3 }), new Sigmoid())
    for (const body of [pooled, spatial]) {
      const net = new Residual(body)
      expect(net.shortcut).toBeUndefined()
      expect(resultOf(net, ['N', 8, 10, 12])).toEqual(['N', 8, 10, 12])
    }
  })

  it('knows bodies that begin with something else than a convolution', () => {
    const preActivated = new Residual(new Sequential(new BatchNorm2d(4), new ReLU(), conv(4, 8, 2)))
    expect(resultOf(preActivated, ['N', 4, 32, 32])).toEqual(['N', 8, 16, 16])
    const pooled = new Residual(new Sequential(new MaxPool2d(2), new Dropout(0.5), conv(4, 6)))
    expect(resultOf(pooled, ['N', 4, 32, 32])).toEqual(['N', 6, 16, 16])
    expect(new Residual(new SqueezeExcitation(16, 4)).shortcut).toBeUndefined()
    // Its first weights are linear, but it takes images.
    const gate = new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(16, 16))
    expect(new Residual(gate).shortcut).toBeUndefined()
  })

  it('adds x as it is where the body does not tell, and believes what it is told', () => {
    class Opaque extends Module {
      readonly inner = conv(4, 8, 2)
      forward(x: Value): Value {
        if (x.shape[2] !== 10) throw new TypeError('made for one size')
        return this.inner(x)
      }
    }
    expect(new Residual(new Opaque()).shortcut).toBeUndefined()
    expect(() => trace(new Residual(new Opaque()), ['N', 4, 10, 10])).toThrow(ShapeError)
    const told = new Residual(new Opaque(), { outChannels: 8, stride: 2 })
    expect(resultOf(told, ['N', 4, 10, 10])).toEqual(['N', 8, 5, 5])
    expect(new Residual(new ReLU(), { inChannels: 3 }).shortcut).toBeUndefined()
    expect(() => new Residual(new ReLU(), { shortcut: 'C' })).toThrow(
      "Residual: shortcut 'C' projects, but the body does not tell its channels: give inChannels and outChannels"
    )
    const always = new Residual(new ReLU(), { shortcut: 'C', inChannels: 3, outChannels: 3 })
    expect(resultOf(always, ['N', 3, 9, 9])).toEqual(['N', 3, 9, 9])
    expect(always.shortcut).toBeInstanceOf(Sequential)
  })

  it('leaves the modes of its body alone', () => {
    const body = new Sequential(conv(4, 8), new Dropout(0.5).eval())
    new Residual(body)
    expect([...body.modules()].map(({ training }) => training)).toEqual([true, true, false])
    expect(body.forward).toBe(Sequential.prototype.forward)
  })

  it('takes a module as it takes an option', () => {
    const shortcut = new PaddedIdentity(4, 8, { stride: 2 })
    expect(new Residual(conv(4, 8, 2), { shortcut }).shortcut).toBe(shortcut)
  })

  it('is found in the graph as a join', () => {
    const { graph } = trace(new Residual(conv(4, 8, 2)), ['N', 4, 8, 8])
    expect(findJoins(graph).map(({ op, fork }) => [op, fork])).toEqual([['add', graph.inputs[0]]])
  })
})

describe('branches that do not meet', () => {
  const unpadded = new Sequential({ inner: new Residual(new Conv2d(16, 16, 3)) })

  it.each<[string, Module, readonly (number | 'N')[], string]>([
    [
      'for the size',
      unpadded,
      ['N', 16, 32, 32],
      'inner: add: F(x) is [N, 16, 30, 30], x is [N, 16, 32, 32]: they cannot be added; pad the convolutions of F so that it keeps the size'
    ],
    [
      'for channels nobody knew of',
      new Residual(new Sequential(new Dropout(0.1), new Flatten())),
      ['N', 4, 4, 4],
      'add: F(x) is [N, 64], x is [N, 4, 4, 4]: they cannot be added; let F keep the number of dimensions'
    ],
    [
      'for a shortcut of another shape',
      new Residual(conv(4, 8, 2), { shortcut: conv(4, 8) }),
      ['N', 4, 8, 8],
      'add: F(x) is [N, 8, 4, 4], the shortcut is [N, 8, 8, 8]: they cannot be added; give the shortcut the channels and the stride of F'
    ],
    [
      'in a gate',
      new Gated(conv(4, 8)),
      ['N', 4, 8, 8],
      'mul: F(x) is [N, 8, 8, 8], x is [N, 4, 8, 8]: they cannot be multiplied; let F keep the shape of x'
    ]
  ])('are named with their shapes: %s', (_, net, shape, message) => {
    const run = (): unknown => trace(net, shape)
    expect(run).toThrow(ShapeError)
    expect(run).toThrow(message)
  })

  it('say what the shortcut needs', () => {
    class Unlearnable extends Module {
      readonly inner = conv(4, 8, 2)
      forward(x: Value): Value {
        if (x.shape[0] !== 'N') throw new ResnetError('needs the symbol')
        return this.inner(x)
      }
    }
    expect(() => trace(new Residual(new Unlearnable()), ['N', 4, 8, 8])).toThrow(
      'F changes the channels and size, so x needs a projection: a 1×1 convolution with the same stride'
    )
  })
})

describe('Gated', () => {
  it('lets pass as much as the body says', () => {
    class Half extends Module {
      forward(x: Value): Value {
        return add(mul(mean(x, [1], { keepDim: true }), 0), 0.5)
      }
    }
    const x = rand([2, 3])
    const { logits } = interpret(trace(new Gated(new Half()), [2, 3]).graph, { x })
    expect([...logits.data]).toEqual(Array.from(x.data, value => value / 2))
  })
})
