import { describe, expect, it } from 'vitest'
import { batchNorm, conv2d } from '../ir/functional/index.js'
import { collectGraph } from '../ir/graph.js'
import { constant, graphInput } from '../ir/operand.js'
import { printGraph } from '../ir/text.js'
import { BatchNorm2d } from '../nn/layers/normalisation.js'
import { Conv2d } from '../nn/layers/convolution.js'
import { Sequential } from '../nn/layers/containers.js'
import { trace } from '../nn/trace/trace.js'
import { ones } from '../tensor/tensor.js'
import { foldBatchNorm } from './fold-batch-norm.js'

describe('foldBatchNorm', () => {
  const net = new Sequential({ conv: new Conv2d(2, 4, 3, { bias: false }), bn: new BatchNorm2d(4) })

  it('turns a convolution and its normalisation into one convolution, named after the normalisation', () => {
    expect(printGraph(foldBatchNorm(trace(net, ['N', 2, 8, 8]).graph))).toMatchInlineSnapshot(`
      "graph(x: float32[N, 2, 8, 8]) {
        bn/batchNorm: float32[N, 4, 6, 6] = conv2d(x, conv.weight, bn.bias, stride=[1, 1], padding=[0, 0, 0, 0], dilation=[1, 1], groups=1)
        return logits = bn/batchNorm
      }"
    `)
  })

  it('keeps both if the convolution is an output itself', () => {
    const { graph } = trace(net, ['N', 2, 8, 8], ['conv'])
    const text = printGraph(foldBatchNorm(graph))
    expect(text).toContain('batchNorm(')
  })

  it('keeps a normalisation with batch statistics', () => {
    const own = new Sequential(new Conv2d(2, 4, 3), new BatchNorm2d(4, { trackRunningStats: false }))
    expect(printGraph(foldBatchNorm(trace(own, ['N', 2, 8, 8]).graph))).toContain('batchNorm(')
  })

  it('keeps a convolution whose weight is an input', () => {
    const [x, weight] = [graphInput('x', ['N', 2, 8, 8]), graphInput('w', [4, 2, 3, 3])]
    const channel = constant(ones([4]))
    const statistics = { weight: channel, bias: channel, runningMean: channel, runningVar: channel }
    const value = batchNorm(conv2d(x, weight), statistics)
    const graph = collectGraph([x, weight], [{ name: 'y', value }])
    expect(printGraph(foldBatchNorm(graph))).toBe(printGraph(graph))
  })

  it('keeps a normalisation that does not follow a convolution', () => {
    expect(printGraph(foldBatchNorm(trace(new BatchNorm2d(2), ['N', 2, 8, 8]).graph))).toContain('batchNorm(')
  })
})
