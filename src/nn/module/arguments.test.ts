// What is given by position is checked where it is given, in JavaScript too.
import { describe, expect, it } from 'vitest'
import { OptionError, ResnetError } from '../../base/errors.js'
import type { Value } from '../../ir/ops.js'
import { resnet18 } from '../../models/resnet/resnet.js'
import { DropoutBlock } from '../../models/resnet/skip-blocks.js'
import { vgg11, VGG } from '../../models/vgg/vgg.js'
import { createFeatureExtractor } from '../trace/feature-extractor.js'
import { GELU, Softmax } from '../layers/activation.js'
import { CBAM, EfficientChannelAttention, SqueezeExcitation } from '../layers/attention.js'
import { ModuleDict, ModuleList, Sequential } from '../layers/containers.js'
import { Conv1d, Conv2d } from '../layers/convolution.js'
import { Linear } from '../layers/linear.js'
import { Dropout } from '../layers/dropout.js'
import { BatchNorm2d, FrozenBatchNorm2d, GroupNorm, LayerNorm2d } from '../layers/normalisation.js'
import { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from '../layers/pooling.js'
import { Gated, PaddedIdentity, Residual } from '../layers/residual.js'
import { Flatten, Identity } from '../layers/shaping.js'
import { Module } from './module.js'
import { ModuleBuffer, Parameter } from './parameter.js'
import { plainTwin } from '../rewrite/plain.js'
import { residualize } from '../rewrite/residualize.js'
import { trace, traceTraining } from '../trace/trace.js'

const conv = (): Conv2d => new Conv2d(3, 3, 1)
const make = (Class: unknown, ...given: unknown[]): unknown =>
  Reflect.construct(Class as new (...given: unknown[]) => object, given)

describe('constructors', () => {
  it.each<[string, unknown, unknown[]]>([
    ["Conv2d: inChannels: expected a whole number of at least 1, got '3'", Conv2d, ['3', 8, 3]],
    ['Conv2d: kernelSize: expected a whole number of at least 1, or two of them, got 0', Conv2d, [3, 8, 0]],
    [
      'Conv2d: kernelSize: expected a whole number of at least 1, or two of them, got [3]',
      Conv2d,
      [3, 8, [3]]
    ],
    [
      'kernelSize: expected a whole number of at least 1, or two of them, got [3, 3, 3]',
      Conv2d,
      [3, 8, [3, 3, 3]]
    ],
    [
      'Conv2d: kernelSize: expected a whole number of at least 1, or two of them, got undefined',
      Conv2d,
      [3, 8]
    ],
    ['Conv1d: kernelSize: expected a whole number of at least 1, got [3]', Conv1d, [3, 8, [3]]],
    ['Parameter: [2147483648, 3, 3, 3] has more than 2147483647 elements', Conv2d, [3, 2 ** 31, 3]],
    ['Linear: outFeatures: expected a whole number of at least 1, got undefined', Linear, [3]],
    ['Linear: inFeatures: expected a whole number of at least 1, got -1', Linear, [-1, 5]],
    [
      'Linear: outFeatures: expected a whole number of at least 1, got an object',
      Linear,
      [3, { numClasses: 10 }]
    ],
    ['BatchNorm2d: numFeatures: expected a whole number of at least 1, got undefined', BatchNorm2d, []],
    [
      'FrozenBatchNorm2d: numFeatures: expected a whole number of at least 1, got 2.5',
      FrozenBatchNorm2d,
      [2.5]
    ],
    ['GroupNorm: numChannels: expected a whole number of at least 1, got undefined', GroupNorm, [32]],
    ['GroupNorm: 8 channels cannot be divided into 3 groups', GroupNorm, [3, 8]],
    ["GELU: approximate: expected 'none', got 'tanh'", GELU, [{ approximate: 'tanh' }]],
    ['DropoutBlock: expected an object of options, got null', DropoutBlock, [3, 3, null]],
    ['LayerNorm2d: channels: expected a whole number of at least 1, got [8]', LayerNorm2d, [[8]]],
    [
      'SqueezeExcitation: squeezeChannels: expected a whole number of at least 1, got 0.5',
      SqueezeExcitation,
      [8, 0.5]
    ],
    ['EfficientChannelAttention: channels: expected', EfficientChannelAttention, []],
    ['ChannelGate: gateChannels: expected a whole number of at least 1, got undefined', CBAM, []],
    ['MaxPool2d: kernelSize: expected', MaxPool2d, []],
    ['AvgPool2d: kernelSize: expected', AvgPool2d, [0]],
    ['AdaptiveAvgPool2d: outputSize: expected', AdaptiveAvgPool2d, ['7']],
    ['Flatten: startDim: expected a whole number, got 0.5', Flatten, [0.5]],
    ['Softmax: dim: expected a whole number, got undefined', Softmax, []],
    ['Dropout: p: expected a number from 0 to 1, got 2', Dropout, [2]],
    ['PaddedIdentity: outPlanes: expected a whole number of at least 1, got undefined', PaddedIdentity, [4]],
    ['Gated: body: expected a Module, got undefined', Gated, []],
    ['Residual: body: expected a Module, got an array', Residual, [Array(9).fill(conv())]],
    ['Residual: body: expected a Module, got the function Conv2d', Residual, [Conv2d]],
    [
      "Sequential: '0' is an array, expected a module, such as new ReLU(); write an array as ...layers",
      Sequential,
      [[conv()]]
    ],
    [
      'ModuleList: modules: expected an array of modules: new ModuleList([a, b])',
      ModuleList,
      [conv(), conv()]
    ],
    ['ModuleDict: modules: expected an object of modules', ModuleDict, [new Map([['a', conv()]])]],
    ['VGG: features: expected a Sequential, got undefined', VGG, []],
    [
      'Parameter: from: expected a Tensor or an array, each a whole number of at least 0, got [-1]',
      Parameter,
      [[-1]]
    ],
    ['Buffer: data: expected a Tensor, got [1]', ModuleBuffer, [[1]]]
  ])('%s', (fault, Class, given) => {
    expect(() => make(Class, ...given)).toThrow(ResnetError)
    expect(() => make(Class, ...given)).toThrow(fault)
  })
})

describe('methods and functions', () => {
  const net = new Sequential(conv())
  const ask =
    (run: (net: never) => unknown, given: unknown): (() => unknown) =>
    () =>
      run(given as never)

  it('want a state dict that has arrived', () => {
    const fault = 'stateDict: expected a Map of tensors by name (await a promise of one), got'
    for (const [given, found] of [
      [Promise.resolve(net.stateDict()), 'a promise: await it'],
      [{}, 'an object'],
      [new Map([['0.weight', 3]]), 'an object of class Map']
    ] as const) {
      expect(ask(state => net.loadStateDict(state), given)).toThrow(
        new OptionError('loadStateDict', `${fault} ${found}`)
      )
    }
  })

  it('want true or false', () => {
    expect(ask(mode => net.train(mode), 'layer1')).toThrow(
      "train: mode: expected true or false, got 'layer1'"
    )
    expect(ask(is => net.requiresGrad(is), 0)).toThrow(
      'requiresGrad: required: expected true or false, got 0'
    )
  })

  it('want a network, and the shape of its input', () => {
    const shapes = "shape: expected a shape such as ['N', 3, 224, 224], got"
    for (const run of [trace, traceTraining]) {
      expect(ask(shape => run(net, shape), undefined)).toThrow(`trace: ${shapes} undefined`)
      expect(ask(shape => run(net, shape), ['3', 4])).toThrow(`trace: ${shapes} ['3', 4]`)
      expect(ask(made => run(made, ['N', 3, 8, 8]), resnet18)).toThrow(
        'trace: module: expected a network such as resnet18(), got the function resnet18'
      )
    }
    expect(ask(plainTwin, vgg11)).toThrow('plainTwin: net: expected a Module, got the function vgg11')
    expect(ask(residualize, undefined)).toThrow('residualize: net: expected a Module, got undefined')
    expect(ask(made => createFeatureExtractor(made, ['a']), 'a')).toThrow(
      'createFeatureExtractor: net: expected'
    )
  })
})

const ASKED: [string, (net: Module) => unknown][] = [
  ['traced', net => trace(net, ['N', 3, 4, 4])],
  ['printed', net => String(net)],
  ['asked for its state', net => net.stateDict()],
  ['asked for its parameters', net => [...net.parameters()]],
  ['evaluated', net => net.eval()]
]

describe.each(ASKED)('a module that is %s', (_, run) => {
  it('is the module itself and no Proxy of it', () => {
    const fault = 'expected a module, got a Proxy of one; use the module itself'
    expect(() => run(new Proxy(new Sequential(conv()), {}))).toThrow(fault)
    expect(() => run(new Sequential(new Proxy(conv(), {})))).toThrow(`0: ${fault}`)
  })

  it('is not nested without an end', () => {
    let net: Module = new Identity()
    for (let i = 0; i < 3000; i++) net = new Sequential(net)
    expect(() => run(net)).toThrow(
      'Sequential: modules are nested more than 500 deep; put layers beside each other in one Sequential'
    )
  })
})

it('nests 500 modules, and tells what calls itself', () => {
  let net: Module = new Identity()
  for (let i = 1; i < 500; i++) net = new Sequential(net)
  expect(trace(plainTwin(net), ['N', 3, 4, 4]).calls).toHaveLength(500)
  class Endless extends Module {
    forward(x: Value): Value {
      return this(x)
    }
  }
  expect(() => trace(new Endless(), ['N', 3, 4, 4])).toThrow('Endless: modules are nested more than 500 deep')
})

it('traces a frozen object in its mode, and says why it cannot change it', () => {
  const frozen = Object.freeze(conv())
  const fault = '0: Object.freeze keeps it from changing its mode; freeze parameters with requiresGrad(false)'
  expect(() => trace(new Sequential(frozen), ['N', 3, 4, 4])).toThrow(fault)
  const ready = Object.freeze(conv().eval())
  expect(trace(new Sequential(ready), ['N', 3, 4, 4]).calls).toHaveLength(2)
})
