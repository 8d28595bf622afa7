import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Module } from '../module/module.js'
import { GELU, ReLU, Sigmoid, SiLU, Softmax, Tanh } from './activation.js'
import { BatchNorm2d, FrozenBatchNorm2d, GroupNorm, LayerNorm2d } from './normalisation.js'
import { CBAM, EfficientChannelAttention, SqueezeExcitation } from './attention.js'
import { Conv1d, Conv2d } from './convolution.js'
import { Linear } from './linear.js'
import { Dropout, StochasticDepth } from './dropout.js'
import { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from './pooling.js'
import { Sequential } from './containers.js'
import { Flatten, Identity } from './shaping.js'

const readTexts = (name: string): Record<string, string> =>
  (
    JSON.parse(readFileSync(new URL(`../../../test/goldens/${name}`, import.meta.url), 'utf8')) as {
      texts: Record<string, string>
    }
  ).texts

const LAYERS: Record<string, Module> = {
  conv: new Conv2d(3, 16, 3),
  'conv all': new Conv2d(8, 16, [3, 5], {
    stride: [2, 1],
    padding: [1, 2],
    dilation: [2, 1],
    groups: 4,
    bias: false
  }),
  'conv padding': new Conv2d(4, 4, 1, { padding: 1 }),
  bn: new BatchNorm2d(8),
  'bn all': new BatchNorm2d(8, { eps: 0.001, momentum: null, affine: false, trackRunningStats: false }),
  'bn small': new BatchNorm2d(8, { eps: 1e-12, momentum: 0.01 }),
  'group norm': new GroupNorm(4, 8),
  'group norm all': new GroupNorm(1, 6, { eps: 0.001, affine: false }),
  'layer norm': new LayerNorm2d(8),
  'layer norm all': new LayerNorm2d(6, { eps: 1e-6, elementwiseAffine: false }),
  'frozen bn': new FrozenBatchNorm2d(8),
  'frozen bn all': new FrozenBatchNorm2d(6, { eps: 0.001 }),
  conv1d: new Conv1d(3, 16, 3),
  'conv1d all': new Conv1d(8, 16, 5, { stride: 2, padding: 1, dilation: 3, groups: 4, bias: false }),
  linear: new Linear(4, 2),
  'linear no bias': new Linear(4, 2, { bias: false }),
  relu: new ReLU(),
  'relu inplace': new ReLU({ inplace: true }),
  sigmoid: new Sigmoid(),
  tanh: new Tanh(),
  silu: new SiLU(),
  gelu: new GELU(),
  softmax: new Softmax(1),
  'max pool': new MaxPool2d(2),
  'max pool all': new MaxPool2d([3, 2], { stride: [2, 1], padding: [1, 0], dilation: 2, ceilMode: true }),
  'avg pool': new AvgPool2d(2),
  'avg pool all': new AvgPool2d(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
  adaptive: new AdaptiveAvgPool2d(7),
  'adaptive pair': new AdaptiveAvgPool2d([1, 2]),
  dropout: new Dropout(0.3, { inplace: true }),
  flatten: new Flatten(),
  identity: new Identity(),
  sequential: new Sequential(new Conv2d(1, 2, 3), new Sequential(new ReLU(), new Identity())),
  empty: new Sequential(),
  'squeeze excitation': new SqueezeExcitation(64, 4),
  'squeeze excitation all': new SqueezeExcitation(16, 8, {
    activation: new SiLU(),
    scaleActivation: new Tanh()
  }),
  'stochastic depth': new StochasticDepth(0.2, 'row'),
  'stochastic depth batch': new StochasticDepth(1, 'batch'),
  eca: new EfficientChannelAttention(256),
  cbam: new CBAM(64),
  'bn no bias': new BatchNorm2d(8, { bias: false }),
  'group norm no bias': new GroupNorm(4, 8, { bias: false }),
  'layer norm no bias': new LayerNorm2d(8, { bias: false })
}

describe("layers print what today's torch prints", () => {
  it.each(Object.entries(readTexts('layers-today.json')))('%s', (name, text) => {
    expect(String(LAYERS[name])).toBe(text)
  })
})

describe('layers print what torch 1.13 prints', () => {
  it.each(Object.entries(readTexts('layers.json')))('%s', (name, text) => {
    expect(LAYERS[name].toString({ style: 'torch-1.13' })).toBe(text)
  })
})

describe('the text of 2018', () => {
  it.each<[Module, string]>([
    [new ReLU({ inplace: true }), 'ReLU(inplace)'],
    [new ReLU(), 'ReLU()'],
    [new Dropout(0.5), 'Dropout(p=0.5)'],
    [new GroupNorm(4, 8), 'GroupNorm(4, 8, eps=1e-05, affine=True)'],
    [new Dropout(0.5, { inplace: true }), 'Dropout(p=0.5, inplace)']
  ])('%s', (layer, text) => {
    expect(layer.toString({ style: 'torch-1.0' })).toBe(text)
  })
})
