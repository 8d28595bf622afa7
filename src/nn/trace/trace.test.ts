import { describe, expect, it } from 'vitest'
import { add, mul, relu } from '../../ir/functional/elementwise.js'
import { verify } from '../../ir/graph.js'
import { madeBy, type Value } from '../../ir/ops.js'
import { printGraph } from '../../ir/text.js'
import { resnet18 } from '../../models/resnet/resnet.js'
import { createFeatureExtractor } from './feature-extractor.js'
import { Conv2d } from '../layers/convolution.js'
import { Dropout } from '../layers/dropout.js'
import { Residual } from '../layers/residual.js'
import { Sequential } from '../layers/containers.js'
import { Module } from '../module/module.js'
import { OutputError } from './output-names.js'
import { trace, traceEvaluation, traceTraining } from './trace.js'

class Block extends Module {
  body = new Residual(new Sequential(new Conv2d(4, 4, 3, { padding: 1, bias: false })))
  unused = new Conv2d(4, 4, 1)
  forward(x: Value): Value {
    return mul(relu(this.body(x)), 0.5)
  }
}

describe('trace', () => {
  it('names values after the modules that made them', () => {
    expect(printGraph(trace(new Block(), ['N', 4, 8, 8]).graph)).toMatchInlineSnapshot(`
      "graph(x: float32[N, 4, 8, 8]) {
        body.body.0/conv2d: float32[N, 4, 8, 8] = conv2d(x, body.body.0.weight, stride=[1, 1], padding=[1, 1, 1, 1], dilation=[1, 1], groups=1)
        body/add: float32[N, 4, 8, 8] = add(body.body.0/conv2d, x)
        relu: float32[N, 4, 8, 8] = relu(body/add)
        mul: float32[N, 4, 8, 8] = mul(relu, 0.5)
        return logits = mul
      }"
    `)
  })

  it('makes inner results outputs', () => {
    const { graph } = trace(new Block(), ['N', 4, 8, 8], ['body', 'body.body.0'])
    expect(graph.outputs.map(({ name }) => name)).toEqual(['logits', 'body', 'body.body.0'])
    verify(graph)
  })

  it('calls the input otherwise where an output is called x', () => {
    const net = new Sequential(new Conv2d(1, 1, 1, { bias: false }))
    const wrapped = createFeatureExtractor(net, { '0': 'x' })
    expect(printGraph(trace(wrapped, ['N', 1, 2, 2]).graph)).toMatchInlineSnapshot(`
      "graph(x#2: float32[N, 1, 2, 2]) {
        0/conv2d: float32[N, 1, 2, 2] = conv2d(x#2, 0.weight, stride=[1, 1], padding=[0, 0, 0, 0], dilation=[1, 1], groups=1)
        return x = 0/conv2d
      }"
    `)
  })

  it('gives results of modules as values, whatever the modules are called', () => {
    class Own extends Module {
      x = new Conv2d(4, 4, 1)
      logits = new Block()
      forward(x: Value): Value {
        return mul(this.logits(this.x(x)), 2)
      }
    }
    const { input, output, results, resultOf } = traceEvaluation(new Own(), ['N', 4, 8, 8])
    expect(results).toEqual([{ name: 'logits', value: output }])
    expect(madeBy(resultOf('x'), 'conv2d')?.inputs[0]).toBe(input)
    expect(output.inputs).toContain(resultOf('logits'))
    expect(() => resultOf('logits.unused')).toThrow('logits.unused is never called by Own')
  })

  it('tells an unknown module from one that never ran', () => {
    expect(() => trace(new Block(), ['N', 4, 8, 8], ['nothing'])).toThrow(OutputError)
    expect(() => trace(new Block(), ['N', 4, 8, 8], ['unused'])).toThrow('unused is never called by Block')
  })

  it('names the module, the op and the shapes when they do not fit', () => {
    expect(() => trace(new Block(), ['N', 3, 8, 8])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: body.body.0: conv2d: input [N, 3, 8, 8] has 3 channels, but weight [4, 4, 3, 3] with 1 group expects 4]`
    )
    expect(() => trace(resnet18(), ['N', 1, 224, 224])).toThrow('conv1: conv2d: input [N, 1, 224, 224]')
  })

  it('leaves modes and methods as they were, also after an error', () => {
    const net = new Sequential(new Dropout(0.5), new Conv2d(1, 1, 1))
    expect(() => trace(net, ['N', 2, 1, 1])).toThrow()
    expect([...net.modules()].every(module => module.training && !Object.hasOwn(module, 'forward'))).toBe(
      true
    )
  })

  it('computes the same graph for a value used twice', () => {
    class Twice extends Module {
      conv = new Conv2d(1, 1, 1)
      forward(x: Value): Value {
        return add(this.conv(x), this.conv(x))
      }
    }
    const { graph, calls } = trace(new Twice(), ['N', 1, 2, 2])
    expect(calls.filter(({ path }) => path === 'conv')).toHaveLength(2)
    expect(graph.values.filter(({ origin }) => origin.kind === 'state')).toHaveLength(2)
  })
})

describe('one image without a batch', () => {
  const image = [4, 8, 8]
  const fault = 'an input of shape [4, 8, 8] has no batch size: give [1, 4, 8, 8], or [N, 4, 8, 8] for any'

  it('is told what it lacks, in every mode', () => {
    const net = new Block()
    expect(() => trace(net, image)).toThrow(fault)
    expect(() => traceTraining(net, image)).toThrow(fault)
    expect([...net.modules()].every(({ training }) => training)).toBe(true)
  })

  it('is not suspected where a batch would not help', () => {
    expect(() => trace(new Block(), [3, 8, 8])).toThrow(
      'expected an input of shape [N, C, H, W], got [3, 8, 8]'
    )
    expect(() => trace(new Block(), [1, 3, 8, 8])).toThrow(/conv2d/)
  })
})
