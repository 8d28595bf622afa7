import { describe, expect, it } from 'vitest'
import { relu } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { tensor, zeros } from '../../tensor/tensor.js'
import { BatchNorm2d } from '../layers/normalisation.js'
import { Conv2d } from '../layers/convolution.js'
import { Linear } from '../layers/linear.js'
import { Gated, Residual } from '../layers/residual.js'
import { Sequential } from '../layers/containers.js'
import { Module } from './module.js'
import { ModuleBuffer, Parameter } from './parameter.js'
import { StateDictError } from './state-dict.js'

class Net extends Module {
  first = new Conv2d(1, 2, 3)
  norm = new BatchNorm2d(2)
  scale = new Parameter(tensor([2], [1]))
  steps = new ModuleBuffer(zeros([], 'int64'))
  head = new Sequential({ fc: new Linear(2, 3) })
  notAModule = 'text'
  forward(x: Value): Value {
    return relu(this.norm(this.first(x)))
  }
}

describe('Module', () => {
  it('names children, modules, parameters and buffers in the order of assignment', () => {
    const net = new Net()
    expect([...net.namedChildren()].map(([name]) => name)).toEqual(['first', 'norm', 'head'])
    expect([...net.namedModules()].map(([name]) => name)).toEqual(['', 'first', 'norm', 'head', 'head.fc'])
    expect([...net.namedParameters()].map(([name]) => name)).toEqual([
      'scale',
      'first.weight',
      'first.bias',
      'norm.weight',
      'norm.bias',
      'head.fc.weight',
      'head.fc.bias'
    ])
    expect([...net.namedBuffers()].map(([name]) => name)).toEqual([
      'steps',
      'norm.running_mean',
      'norm.running_var',
      'norm.num_batches_tracked'
    ])
    // A module's own parameters, its buffers, then its children's (torch: state_dict).
    expect([...net.stateDict().keys()]).toEqual([
      'scale',
      'steps',
      'first.weight',
      'first.bias',
      'norm.weight',
      'norm.bias',
      'norm.running_mean',
      'norm.running_var',
      'norm.num_batches_tracked',
      'head.fc.weight',
      'head.fc.bias'
    ])
  })

  it('visits a module that is used twice once, but keeps both names in the state dict', () => {
    const shared = new Linear(2, 2)
    const net = new Sequential(shared, shared)
    expect([...net.modules()]).toHaveLength(2)
    expect([...net.parameters()]).toHaveLength(2)
    expect([...net.stateDict().keys()]).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
  })

  it('lists everything that does not fit in one error and loads nothing then', () => {
    const net = new Linear(2, 3)
    const before = [...net.weight.data.data]
    const wrong = new Map([
      ['weight', zeros([3, 3])],
      ['extra', zeros([1])],
      ['more', zeros([1])]
    ])
    expect(() => net.loadStateDict(wrong)).toThrow(StateDictError)
    expect(() => net.loadStateDict(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [StateDictError: The state dict does not fit Linear:
        weight: expected [3, 2], got [3, 3]
        bias: missing
        extra: unexpected
        more: unexpected]
    `)
    expect([...net.weight.data.data]).toEqual(before)
  })

  it('loads what fits and returns the same lists when it is not strict', () => {
    const net = new Linear(2, 3)
    const report = net.loadStateDict(
      new Map([
        ['weight', zeros([3, 3])],
        ['bias', tensor([1, 2, 3])],
        ['extra', zeros([1])]
      ]),
      { strict: false }
    )
    expect(report).toEqual({
      missingKeys: [],
      unexpectedKeys: ['extra'],
      mismatched: [{ key: 'weight', expected: [3, 2], found: [3, 3] }]
    })
    expect([...(net.bias?.data.data ?? [])]).toEqual([1, 2, 3])
  })

  it('takes half precision and keeps the dtype of counters', () => {
    const net = new Sequential(new BatchNorm2d(1))
    const state = net.stateDict()
    state.set('0.weight', tensor(Uint16Array.of(0x3c00), [1], 'float16'))
    state.set('0.num_batches_tracked', tensor(BigInt64Array.of(7n), [], 'int64'))
    net.loadStateDict(state)
    expect(net.stateDict().get('0.weight')?.data).toEqual(Float32Array.of(1))
    expect(net.stateDict().get('0.num_batches_tracked')?.data).toEqual(BigInt64Array.of(7n))
  })

  it('accepts files from before torch counted batches', () => {
    const net = new BatchNorm2d(2)
    const state = net.stateDict()
    state.delete('num_batches_tracked')
    expect(() => net.loadStateDict(state)).not.toThrow()
  })

  it('switches modes, freezes and visits everything below', () => {
    const net = new Net()
    expect(net.training).toBe(true)
    net.eval()
    expect([...net.modules()].map(module => module.training)).not.toContain(true)
    net.train()
    expect([...net.modules()].map(module => module.training)).not.toContain(false)
    net.head.requiresGrad(false)
    expect([...net.namedParameters()].filter(([, p]) => !p.requiresGrad).map(([name]) => name)).toEqual([
      'head.fc.weight',
      'head.fc.bias'
    ])
    expect(() => net.apply(undefined as never)).toThrow('apply: visit: expected a function, got undefined')
    const visited: string[] = []
    net.apply(module => visited.push(module.typeName))
    expect(visited).toEqual(['Conv2d', 'BatchNorm2d', 'Linear', 'Sequential', 'Net'])
  })

  it('prints nested modules and shows itself on the console', () => {
    const net = new Residual(new Gated(new Sequential(new Linear(2, 2))))
    expect(String(net)).toMatchInlineSnapshot(`
      "Residual(
        (body): Gated(
          (body): Sequential(
            (0): Linear(in_features=2, out_features=2, bias=True)
          )
        )
      )"
    `)
    const inspect: unknown = Reflect.get(net, Symbol.for('nodejs.util.inspect.custom'))
    expect(typeof inspect).toBe('function')
  })
})
