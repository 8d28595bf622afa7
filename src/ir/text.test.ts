// The readable form of a graph.
import { describe, expect, it } from 'vitest'
import { BatchNorm2d } from '../nn/layers/normalisation.js'
import { Conv2d } from '../nn/layers/convolution.js'
import { Module } from '../nn/module/module.js'
import { trace } from '../nn/trace/trace.js'
import { tensor } from '../tensor/tensor.js'
import * as F from './functional/index.js'
import { collectGraph } from './graph.js'
import { graphInput } from './operand.js'
import type { Value } from './ops.js'
import { printGraph } from './text.js'

class Block extends Module {
  conv1 = new Conv2d(4, 4, 3, { padding: 1, bias: false })
  bn1 = new BatchNorm2d(4)
  conv2 = new Conv2d(4, 4, 3, { padding: 1, bias: false })
  bn2 = new BatchNorm2d(4)

  forward(x: Value): Value {
    const inner = F.relu(this.bn1(this.conv1(x)))
    return F.relu(F.add(this.bn2(this.conv2(inner)), x))
  }
}

describe('printGraph', () => {
  it('prints a residual block line by line', () => {
    const { graph } = trace(new Block(), ['N', 4, 8, 8], ['bn1'])
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "graph(x: float32[N, 4, 8, 8]) {
        conv1/conv2d: float32[N, 4, 8, 8] = conv2d(x, conv1.weight, stride=[1, 1], padding=[1, 1, 1, 1], dilation=[1, 1], groups=1)
        bn1/batchNorm: float32[N, 4, 8, 8] = batchNorm(conv1/conv2d, bn1.weight, bn1.bias, bn1.running_mean, bn1.running_var, eps=0.00001)
        relu: float32[N, 4, 8, 8] = relu(bn1/batchNorm)
        conv2/conv2d: float32[N, 4, 8, 8] = conv2d(relu, conv2.weight, stride=[1, 1], padding=[1, 1, 1, 1], dilation=[1, 1], groups=1)
        bn2/batchNorm: float32[N, 4, 8, 8] = batchNorm(conv2/conv2d, bn2.weight, bn2.bias, bn2.running_mean, bn2.running_var, eps=0.00001)
        add: float32[N, 4, 8, 8] = add(bn2/batchNorm, x)
        relu#2: float32[N, 4, 8, 8] = relu(add)
        return logits = relu#2, bn1 = bn1/batchNorm
      }"
    `)
  })

  it('prints scalar constants as numbers and larger ones by name', () => {
    const x = graphInput('x', ['N', 2])
    const y = F.add(F.mul(x, 0.5), tensor([1, 2]))
    expect(printGraph(collectGraph([x], [{ name: 'y', value: y }]))).toMatchInlineSnapshot(`
      "graph(x: float32[N, 2]) {
        mul: float32[N, 2] = mul(x, 0.5)
        constant#2: float32[2] = constant
        add: float32[N, 2] = add(mul, constant#2)
        return y = add
      }"
    `)
  })
})
