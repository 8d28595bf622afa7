import fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { add, relu } from '../../ir/functional/elementwise.js'
import { graphInput } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { tensor } from '../../tensor/tensor.js'
import { observeCalls } from './call.js'
import { Conv2d } from '../layers/convolution.js'
import { ReLU } from '../layers/activation.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { trace } from '../trace/trace.js'

const x = graphInput('x', ['N', 2, 4, 4])

describe('a module', () => {
  it('is called like a function, and is an instance of its class', () => {
    const conv = new Conv2d(2, 3, 1)
    expect(conv(x).shape).toEqual(['N', 3, 4, 4])
    expect(conv).toBeInstanceOf(Conv2d)
    expect(conv).toBeInstanceOf(Module)
    expect(conv.typeName).toBe('Conv2d')
    expect(inspect(conv)).toBe('Conv2d(2, 3, kernel_size=(1, 1), stride=(1, 1))')
  })

  it('has its fields and no others, private ones and those called like a function’s among them', () => {
    class Odd extends Module {
      override readonly name = 'odd'
      override readonly length = 7
      readonly #secret = 3
      weight = new Parameter(tensor([1]))
      forward(y: Value): Value {
        return add(y, this.#secret)
      }
    }
    const odd = new Odd()
    expect(Object.keys(odd)).toEqual(['training', 'name', 'length', 'weight'])
    expect([odd.name, odd.length]).toEqual(['odd', 7])
    expect(odd(x).shape).toEqual(x.shape)
    expect(Object.keys(new ReLU())).not.toContain('name')
  })

  it('runs the forward of its own class, and the one that a subclass overrides', () => {
    class Twice extends ReLU {
      override forward(y: Value): Value {
        return super.forward(super.forward(y))
      }
    }
    const opsOf = (module: Module): number => trace(module, ['N', 2]).graph.values.length
    expect(opsOf(new Twice())).toBe(opsOf(new ReLU()) + 1)
  })

  it('shows its calls to observers, the last one outermost', () => {
    const seen: string[] = []
    const conv = new Conv2d(2, 2, 1)
    const observed = (name: string, run: () => Value): Value =>
      observeCalls((_, __, proceed) => {
        seen.push(`${name} before`)
        const result = proceed()
        seen.push(`${name} after`)
        return result
      }, run)
    observed('outer', () => observed('inner', () => conv(x)))
    expect(seen).toEqual(['inner before', 'outer before', 'outer after', 'inner after'])
    conv(x)
    expect(seen).toHaveLength(4)
  })

  it('is given one value', () => {
    const module: (...inputs: unknown[]) => Value = new ReLU() as never
    const refused = (...inputs: unknown[]): string => {
      try {
        module(...inputs)
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    expect(refused()).toBe('ReLU: expected one Value, got 0 arguments')
    expect(refused(x, x)).toBe('ReLU: expected one Value, got 2 arguments')
    expect(refused(tensor([1]))).toBe(
      'ReLU: expected one Value, got a Tensor; `compile` makes a function of the network that takes tensors'
    )
    fc.assert(
      fc.property(fc.anything(), anything => refused(anything).startsWith('ReLU: expected one Value'))
    )
  })

  it.each<[string, string]>([
    ['two', 'Wrong: forward takes 2 values; a module’s forward takes one'],
    ['none', 'Wrong: forward takes 0 values; a module’s forward takes one']
  ])('whose forward takes %s is told so', (count, message) => {
    class Wrong extends Module {
      forward(): Value {
        return x
      }
    }
    if (count === 'two') {
      Wrong.prototype.forward = ((a: Value, b: Value) => add(a, b)) as never
    }
    expect(() => trace(new Wrong(), ['N', 2])).toThrow(message.replace('’', "'"))
  })

  it('is named with its path when its forward returns something else', () => {
    class Empty extends Module {
      forward(): Value {
        return undefined as never
      }
    }
    Empty.prototype.forward = ((_: Value) => undefined) as never
    class Outer extends Module {
      inner = new Empty()
      forward(y: Value): Value {
        return relu(this.inner(y))
      }
    }
    const message = 'inner: forward should return a Value, but returned undefined'
    expect(() => trace(new Outer(), ['N', 2])).toThrow(message)
  })
})
