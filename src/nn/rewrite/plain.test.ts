// Plain twins of networks that this package has never seen: read off the trace, and copied no further than they change.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, mul, relu } from '../../ir/functional/elementwise.js'
import { findPlainValues, findShortcuts } from '../../ir/joins.js'
import { expectClose } from '../../ir/testing/expect-close.js'
import { interpret } from '../../ir/testing/interpret.js'
import { toValue } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import {
  Bare,
  INPUT,
  Patchwork,
  SqueezeBlock,
  Tangle,
  type Step
} from '../../inspect/diagram/testing/networks.js'
import { rand } from '../../tensor/random/random.js'
import { ReLU, Sigmoid } from '../layers/activation.js'
import { ModuleList, Sequential } from '../layers/containers.js'
import { Conv2d } from '../layers/convolution.js'
import { GroupNorm } from '../layers/normalisation.js'
import { Gated, Residual } from '../layers/residual.js'
import { Module } from '../module/module.js'
import { plainTwin } from './plain.js'
import { Parameter } from '../module/parameter.js'
import { trace, traceTraining } from '../trace/trace.js'

const input = [...INPUT]
const ops = (net: Module): string[] =>
  trace(net, input).graph.values.flatMap(({ origin }) => (origin.kind === 'node' ? [origin.op] : []))
const names = (net: Module): string[] => Array.from(net.namedParameters(), ([name]) => name)

describe('plainTwin', () => {
  it('leaves out the sum that a block of one’s own writes, and its projection, but not the gate inside F', () => {
    const net = new Sequential(new SqueezeBlock(false), new SqueezeBlock(true))
    const twin = plainTwin(net, { input })
    expect(ops(twin)).not.toContain('add')
    expect(ops(twin).filter(op => op === 'mul')).toHaveLength(2)
    expect(names(twin)).toEqual(names(net).filter(name => !name.includes('projection')))
    expect(String(twin)).not.toContain('projection')
    expect(names(net).some(name => name.includes('projection'))).toBe(true)
    expect([...twin.parameters()].every(each => [...net.parameters()].includes(each))).toBe(true)
    const trained = twin.train()
    expect(trace(trained, input).graph.outputs[0].value.shape).toEqual(input)
  })

  it('computes F alone', () => {
    class Block extends Module {
      conv = new Conv2d(4, 4, 3, { padding: 1 })
      forward(x: Value): Value {
        return relu(add(this.conv(x), x))
      }
    }
    const block = new Block()
    const x = rand(input)
    const run = (net: Module) => interpret(trace(net, input).graph, { x }).logits
    expectClose(run(plainTwin(block)), run(new Sequential(block.conv, new ReLU())), 0)
  })

  it('leaves out sums that a larger module writes around its blocks, and keeps those that are none', () => {
    class Net extends Module {
      blocks = new ModuleList([new Bare(), new Bare()])
      forward(x: Value): Value {
        let y = add(x, 1)
        for (const block of this.blocks) y = add(mul(block(y), 2), y)
        return y
      }
    }
    const net = new Net()
    expect(ops(plainTwin(net, { input }))).toEqual(['add', 'conv2d', 'relu', 'mul', 'conv2d', 'relu', 'mul'])
    expect(names(plainTwin(net, { input }))).toEqual(names(net))
    expect(ops(net).filter(op => op === 'add')).toHaveLength(5)
  })

  it('takes the body of a gate that is a block, as diagrams do, and keeps attention', () => {
    const gate = (): Gated => new Gated(new Sequential(new Conv2d(4, 4, 1), new Sigmoid()))
    expect(ops(plainTwin(new Sequential(gate())))).toEqual(['conv2d', 'sigmoid'])
    const attention = new Residual(new Sequential(new Conv2d(4, 4, 1), gate()))
    expect(ops(plainTwin(attention))).toEqual(['conv2d', 'conv2d', 'sigmoid', 'mul'])
  })

  it('knows F, however short it is beside its projection', () => {
    const net = new Sequential(new Residual(new Conv2d(4, 8, 3, { padding: 1, stride: 2 })))
    expect(String(plainTwin(net))).toBe(
      'Sequential(\n  (0): Conv2d(4, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))\n)'
    )
  })

  it('computes what the graph without its shortcuts does, of any network whatever', () => {
    const step = fc.record<Step>({
      kind: fc.constantFrom('conv', 'block', 'relu', 'add', 'mul', 'maximum', 'concat'),
      from: fc.nat(3),
      other: fc.nat(5)
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), steps => {
        const net = new Tangle(steps)
        const { graph } = trace(net, input)
        const left = new Set(findShortcuts(graph).map(({ value }) => value))
        const kept = graph.values.filter(value => findPlainValues(graph).has(value) && !left.has(value))
        const expected = kept.flatMap(({ origin }) => (origin.kind === 'node' ? [origin.op] : []))
        expect(ops(plainTwin(net, { input })).sort()).toEqual(expected.sort())
      })
    )
  })

  it('is the network itself where there is no shortcut', () => {
    const net = new Sequential(new Conv2d(4, 4, 1), new GroupNorm(2, 4))
    expect(plainTwin(net)).toBe(net)
    expect(plainTwin(plainTwin(new Patchwork(), { input }), { input })).toBeInstanceOf(Patchwork)
  })

  it('says what is missing where the input does not fit, or a module cannot be copied', () => {
    class Fixed extends Module {
      flat = new Conv2d(4, 4, 8)
      forward(x: Value): Value {
        return add(this.flat(x), rand([1, 4, 2, 2]))
      }
    }
    expect(() => plainTwin(new Fixed())).toThrow(
      "plainTwin tried an input of [1, 4, 224, 224]: give the network's own, { input: [1, 3, 32, 32] }"
    )
    class Secretive extends Module {
      readonly #scale = 2
      conv = new Conv2d(4, 4, 1)
      forward(x: Value): Value {
        return add(mul(this.conv(x), this.#scale), x)
      }
    }
    expect(() => plainTwin(new Sequential(new Secretive()))).toThrow(
      'Secretive cannot be copied: it has #private fields, which a copy would lack; make them public fields'
    )
  })

  it('refuses a forward that is a field, and other functions in fields that use the layers of the original', () => {
    class Arrow extends Module {
      conv = new Conv2d(4, 4, 1)
      override forward = (x: Value): Value => add(this.conv(x), x)
    }
    class Bound extends Module {
      inner = new Bare()
      constructor() {
        super()
        this.forward = this.forward.bind(this)
      }
      forward(x: Value): Value {
        return this.inner(x)
      }
    }
    for (const net of [new Arrow(), new Bound()]) {
      const fault = `${net.typeName} cannot be copied: its forward is a field, which uses the layers it was made with; make it a method`
      expect(() => plainTwin(new Sequential(net), { input })).toThrow(fault)
    }
    class Helped extends Module {
      inner = new Bare()
      run = (x: Value): Value => this.inner(x)
      forward(x: Value): Value {
        return this.run(x)
      }
    }
    expect(() => plainTwin(new Helped(), { input })).toThrow(
      'Helped: the Bare that forward uses is not registered'
    )
  })

  it('refuses to compute in training where forward then adds other things', () => {
    class Noisy extends Module {
      conv = new Conv2d(4, 4, 1)
      forward(x: Value): Value {
        const noisy = this.training ? add(x, mul(x, 2)) : x
        return add(this.conv(noisy), x)
      }
    }
    const twin = plainTwin(new Noisy(), { input })
    expect(ops(twin)).toEqual(['conv2d'])
    expect(() => traceTraining(twin, [1, 4, 8, 8])).toThrow(
      'plainTwin: the forward of Noisy adds and multiplies 3 times here, but 1 times in evaluation mode'
    )
  })

  it('refuses a module whose sum is a shortcut in one call and none in another', () => {
    const bias = new Parameter([1, 4, 8, 8])
    class Twice extends Module {
      block = new Bare()
      bias = bias
      forward(x: Value): Value {
        return add(this.block(x), this.block(toValue(this.bias)))
      }
    }
    expect(() => plainTwin(new Twice(), { input })).toThrow(
      'plainTwin: a Bare is called more than once, and what is a shortcut in one call is none in another'
    )
  })

  it('takes a moment for thousands of blocks', () => {
    const net = new Sequential(...Array.from({ length: 2000 }, () => new Residual(new Conv2d(1, 1, 1))))
    const start = performance.now()
    expect(plainTwin(net, { input: [1, 1, 2, 2] }).length).toBe(2000)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
