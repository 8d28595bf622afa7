import { describe, expect, it } from 'vitest'
import * as F from '../../ir/functional/index.js'
import type { Value } from '../../ir/ops.js'
import { cifar_resnet20 } from '../../models/resnet/cifar-resnet.js'
import { resnet18 } from '../../models/resnet/resnet.js'
import { ReLU, Sigmoid } from '../../nn/layers/activation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Linear } from '../../nn/layers/linear.js'
import { Gated, Residual } from '../../nn/layers/residual.js'
import { Sequential } from '../../nn/layers/containers.js'
import { Flatten } from '../../nn/layers/shaping.js'
import { Module } from '../../nn/module/module.js'
import { findLayers, findResidualSums, type FlowLayer } from './flow-graph.js'
import { forwardGraph } from './flow-probe.js'

const layersOf = (net: Module, shape: readonly number[]): FlowLayer[] =>
  findLayers(forwardGraph(net, shape).graph, net)
const sumsOf = (net: Module, shape: readonly number[]): string[] =>
  findResidualSums(forwardGraph(net, shape).graph).map(({ name }) => name)
const conv = (): Conv2d => new Conv2d(4, 4, 3, { padding: 1 })

describe('findLayers', () => {
  it('numbers the convolutions of the paper’s network like those of its plain twin', () => {
    const [residual, plain] = [true, false].map(on =>
      layersOf(cifar_resnet20({ residual: on }), [2, 3, 8, 8])
    )
    expect(residual.map(({ depth }) => depth)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1))
    expect(residual.map(({ parameter }) => parameter)).toEqual(plain.map(({ parameter }) => parameter))
    expect(residual[18]).toEqual({ parameter: 'layer3.2.conv2.weight', depth: 19, onShortcut: false })
  })

  it('recognises projections on shortcuts, and their depth', () => {
    const layers = layersOf(resnet18(), [2, 3, 64, 64])
    const projections = layers.filter(({ onShortcut }) => onShortcut)
    expect(projections.map(({ parameter, depth }) => [parameter, depth])).toEqual([
      ['layer2.0.downsample.0.weight', 6],
      ['layer3.0.downsample.0.weight', 10],
      ['layer4.0.downsample.0.weight', 14]
    ])
    expect(layers.filter(({ depth }) => depth === 6).map(({ parameter }) => parameter)).toEqual([
      'layer2.0.conv1.weight',
      'layer2.0.downsample.0.weight'
    ])
  })

  it('omits frozen layers, and uses linear layers if there are no convolutions', () => {
    const net = cifar_resnet20()
    net.conv1.requiresGrad(false)
    expect(layersOf(net, [2, 3, 8, 8])[0]).toMatchObject({ parameter: 'layer1.0.conv1.weight', depth: 2 })
    const linear = new Sequential({
      flat: new Flatten(),
      a: new Linear(4, 5),
      r: new ReLU(),
      b: new Linear(5, 2)
    })
    expect(layersOf(linear, [2, 1, 2, 2]).map(({ parameter }) => parameter)).toEqual(['a.weight', 'b.weight'])
  })
})

describe('findResidualSums', () => {
  it('names blocks after their modules', () => {
    expect(sumsOf(resnet18(), [2, 3, 64, 64])).toEqual(
      [1, 2, 3, 4].flatMap(stage => [`layer${stage}.0`, `layer${stage}.1`])
    )
    expect(sumsOf(resnet18({ residual: false }), [2, 3, 64, 64])).toEqual([])
  })

  it('finds sums in users’ networks in any form', () => {
    class Own extends Module {
      readonly inner = new Residual(conv())
      readonly last = conv()
      forward(x: Value): Value {
        const y = this.inner(x)
        return F.add(F.add(y, F.relu(this.last(y))), 1)
      }
    }
    expect(sumsOf(new Own(), [2, 4, 6, 6])).toEqual(['inner', 'add'])
  })

  it('does not count a sum inside a gate', () => {
    class Attention extends Module {
      readonly shared = conv()
      readonly sigmoid = new Sigmoid()
      forward(x: Value): Value {
        return this.sigmoid(F.add(this.shared(F.relu(x)), this.shared(F.abs(x))))
      }
    }
    const net = new Sequential({
      block: new Residual(new Sequential({ conv: conv(), gate: new Gated(new Attention()) }))
    })
    expect(sumsOf(net, [2, 4, 6, 6])).toEqual(['block'])
  })
})
