import { describe, expect, it } from 'vitest'
import { add } from '../../ir/functional/elementwise.js'
import type { Graph } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { printGraph } from '../../ir/text.js'
import { cifar_resnet8 } from '../../models/resnet/cifar-resnet.js'
import { resnet18 } from '../../models/resnet/resnet.js'
import { ResnetError } from '../../base/errors.js'
import { createFeatureExtractor } from './feature-extractor.js'
import { ReLU } from '../layers/activation.js'
import { Conv2d } from '../layers/convolution.js'
import { Linear } from '../layers/linear.js'
import { Sequential } from '../layers/containers.js'
import { Module } from '../module/module.js'
import { OutputError } from './output-names.js'
import { Parameter } from '../module/parameter.js'
import { trace, traceTraining } from './trace.js'

const shape = ['N', 3, 32, 32] as const
const ops = (graph: Graph): string[] =>
  graph.values.flatMap(({ origin }) => (origin.kind === 'node' ? [origin.op] : []))
const parametersIn = (graph: Graph): string[] =>
  graph.values.flatMap(value => (value.origin.kind === 'state' ? [graph.names.get(value) ?? ''] : []))

class Repeating extends Module {
  scale = new Parameter([1])
  relu = new ReLU()
  conv = new Conv2d(1, 1, 1, { bias: false })
  unused = new ReLU()
  forward(x: Value): Value {
    return this.relu(this.conv(this.relu(add(x, this.scale))))
  }
}

describe('createFeatureExtractor', () => {
  it('gives what was asked for, under the names that were asked for, and computes no more', () => {
    const net = resnet18()
    const { graph } = trace(createFeatureExtractor(net, { layer1: 'early', 'layer2.0.bn1': 'inner' }), shape)
    expect(graph.outputs.map(({ name, value }) => [name, value.shape])).toEqual([
      ['early', ['N', 64, 8, 8]],
      ['inner', ['N', 128, 4, 4]]
    ])
    const used = parametersIn(graph).map(name => name.split('.').slice(0, 3).join('.'))
    expect(used.at(-1)).toBe('layer2.0.bn1')
    expect(used.filter(name => /^(layer[34]|fc|layer2\.1)/u.test(name))).toEqual([])
  })

  it('gives the values that the outputs of the whole network are', () => {
    const net = cifar_resnet8()
    const names = ['layer1', 'layer2.0.bn2', 'avgpool']
    const whole = trace(net, shape, names).graph
    const { graph } = trace(createFeatureExtractor(net, names), shape)
    const text = printGraph(whole).split('\n')
    // The same lines, less those of the classifier.
    expect(text).toEqual(expect.arrayContaining(printGraph(graph).split('\n').slice(0, -2)))
    expect(ops(graph).length).toBe(
      ops(whole).length - ops(trace(new Linear(64, 10), ['N', 64]).graph).length - 1
    )
  })

  it('does not mind that the rest of the network does not fit', () => {
    const net = new Sequential(new Conv2d(3, 4, 1), new ReLU(), new Linear(7, 2))
    expect(() => trace(net, shape)).toThrow('2: ')
    const { graph } = trace(createFeatureExtractor(net, ['1']), shape)
    expect(graph.outputs.map(({ value }) => value.shape)).toEqual([['N', 4, 32, 32]])
  })

  it('numbers the calls of a module as torchvision does', () => {
    const nodes = { relu: 'first', relu_1: 'second', conv: 'between' }
    expect(printGraph(trace(createFeatureExtractor(new Repeating(), nodes), ['N', 1, 2, 2]).graph))
      .toMatchInlineSnapshot(`
      "graph(x: float32[N, 1, 2, 2]) {
        add: float32[N, 1, 2, 2] = add(x, scale)
        relu/relu: float32[N, 1, 2, 2] = relu(add)
        conv/conv2d: float32[N, 1, 2, 2] = conv2d(relu/relu, conv.weight, stride=[1, 1], padding=[0, 0, 0, 0], dilation=[1, 1], groups=1)
        relu_1/relu: float32[N, 1, 2, 2] = relu(conv/conv2d)
        return first = relu/relu, second = relu_1/relu, between = conv/conv2d
      }"
    `)
  })

  it('says what is wrong with a name, with the ones near it', () => {
    const making =
      (...names: string[]) =>
      (): unknown =>
        createFeatureExtractor(resnet18(), names)
    expect(making('layer5')).toThrow(
      new OutputError(
        "createFeatureExtractor: ResNet has no module named 'layer5'; did you mean layer4, layer3 or layer2?"
      )
    )
    expect(making('layer4.1.conv7')).toThrow('did you mean layer4.1.conv2, layer4.1.conv1 or')
    expect(making('')).toThrow("no module named ''")
    expect(making()).toThrow(new ResnetError('createFeatureExtractor: name at least one module'))
    expect(() => createFeatureExtractor(resnet18(), { layer1: 'a', layer2: 'a' })).toThrow(
      "two features are called 'a'"
    )
  })

  it('says that a module is not called, or not that often', () => {
    const tracing = (name: string) => (): unknown =>
      trace(createFeatureExtractor(new Repeating(), [name]), ['N', 1, 2, 2])
    expect(tracing('unused')).toThrow('createFeatureExtractor: unused is never called by Repeating')
    expect(tracing('relu_2')).toThrow(
      'createFeatureExtractor: relu is called 2 times by Repeating, so there is no relu_2: its results are relu and relu_1'
    )
    expect(tracing('conv_1')).toThrow('conv is called once by Repeating')
  })

  it('stands for its network: the same state, mode and modules', () => {
    const net = new Repeating()
    const extractor = createFeatureExtractor(net, ['conv'])
    expect([...extractor.stateDict().keys()]).toEqual(['scale', 'conv.weight'])
    expect([...extractor.parameters()]).toEqual([...net.parameters()])
    expect([...extractor.children()]).toEqual([...net.children()])
    extractor.eval()
    expect([net.training, net.conv.training, extractor.training]).toEqual([false, false, false])
    extractor.requiresGrad(false)
    expect(net.scale.requiresGrad).toBe(false)
    expect(String(extractor).split('\n').slice(0, 3)).toEqual([
      'FeatureExtractor(',
      "  conv='conv'",
      '  (relu): ReLU()'
    ])
  })

  it('leaves the network as it was, also after an error', () => {
    const net = new Repeating().train()
    expect(() => trace(createFeatureExtractor(net, ['relu_5']), ['N', 1, 2, 2])).toThrow(OutputError)
    expect(net.training).toBe(true)
    expect([...net.modules()].filter(module => Object.hasOwn(module, 'forward'))).toEqual([])
  })

  it('is a part of another module, names and all', () => {
    class TwoScales extends Module {
      backbone = createFeatureExtractor(cifar_resnet8(), { layer2: 'half', layer3: 'deep' })
      lateral = new Conv2d(64, 32, 1)
      forward(x: Value): Value {
        const { half, deep } = this.backbone.features(x)
        expect([half.shape, deep.shape]).toEqual([
          ['N', 32, 16, 16],
          ['N', 64, 8, 8]
        ])
        return this.lateral(deep)
      }
    }
    const net = new TwoScales()
    const keys = [...net.stateDict().keys()]
    expect(keys).toContain('backbone.layer1.0.conv1.weight')
    const { graph, calls } = trace(net, shape, ['backbone.layer1'])
    expect(graph.outputs.map(({ name }) => name)).toEqual(['logits', 'backbone.layer1'])
    expect(calls.map(({ path }) => path)).toContain('backbone.layer3')
    expect(parametersIn(graph)).toContain('backbone.layer1.0.conv1.weight')
  })

  it('can be put before other layers, cut off at its last feature', () => {
    const net = new Sequential(
      createFeatureExtractor(cifar_resnet8(), ['layer1', 'layer2']),
      new Conv2d(32, 5, 1)
    )
    expect(trace(net, shape).graph.outputs[0].value.shape).toEqual(['N', 5, 16, 16])
  })

  it('finds a feature inside of another extractor', () => {
    const inner = createFeatureExtractor(cifar_resnet8(), ['layer2'])
    const outer = createFeatureExtractor(new Sequential(inner, new Conv2d(32, 5, 1)), ['0.layer1', '1'])
    const features = outer.eval().features(graphInput('x', shape))
    expect([features['0.layer1'].shape, features['1'].shape]).toEqual([
      ['N', 16, 32, 32],
      ['N', 5, 16, 16]
    ])
  })

  it('trains only the statistics of layers that run', () => {
    const net = cifar_resnet8()
    const { effects } = traceTraining(createFeatureExtractor(net, ['layer1']), [2, 3, 32, 32])
    const names = new Map(Array.from(net.namedBuffers(), ([name, buffer]) => [buffer, name]))
    const updated = Array.from(effects.updates.keys(), buffer => names.get(buffer) ?? '')
    expect(updated).toContain('layer1.0.bn2.running_mean')
    expect(updated.filter(name => /^layer[23]/u.test(name))).toEqual([])
  })
})

describe('names of outputs', () => {
  it('say which call of a module is meant, and by themselves mean its first', () => {
    const { graph } = trace(new Repeating(), ['N', 1, 2, 2], ['relu', 'relu_1', 'conv'])
    const [logits, first, second, between] = graph.outputs.map(({ value }) => value)
    expect(second).toBe(logits)
    expect(between.inputs[0]).toBe(first)
  })

  it('list what there is where nothing is near', () => {
    expect(() => trace(new Repeating(), ['N', 1, 2, 2], ['attention'])).toThrow(
      "outputs: Repeating has no module named 'attention'; it has relu, conv, unused"
    )
    expect(() => trace(cifar_resnet8(), shape, ['attention'])).toThrow(
      /it has conv1, .*\(such as layer3\.0\./u
    )
  })
})
