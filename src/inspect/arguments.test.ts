// What functions say that are given something else than a network, a shape or what another function returned.
import { describe, expect, it } from 'vitest'
import { resnet18 } from '../models/resnet/resnet.js'
import type { Module } from '../nn/module/module.js'
import { compareNetworks } from './compare/compare-networks.js'
import { formatComparison, networkCosts } from './compare/network-costs.js'
import { drawDiagram, layoutDiagram } from './diagram/draw-diagram.js'
import { outlineNetwork } from './outline/outline.js'
import { countLayers } from './summary/count-layers.js'
import { formatSummary, summarize } from './summary/summary.js'
import { Conv2d } from '../nn/layers/convolution.js'

const net = new Conv2d(3, 4, 1)
const wrong = (value: unknown): never => value as never

describe('the arguments of functions of a network', () => {
  it.each([
    ['drawDiagram', drawDiagram],
    ['layoutDiagram', layoutDiagram],
    ['outlineNetwork', outlineNetwork],
    ['countLayers', countLayers],
    ['summarize', summarize]
  ] as const)('of %s are a network and a shape', (name, run: (net: Module, options?: object) => unknown) => {
    const expected = `${name}: net: expected a network such as resnet18(), got `
    expect(() => run(wrong('resnet18'))).toThrow(`${expected}'resnet18'`)
    expect(() => run(wrong(resnet18))).toThrow(`${expected}the function resnet18`)
    expect(() => run(wrong(undefined))).toThrow(`${expected}undefined`)
    expect(() => run(net, { input: '1,3,8,8' })).toThrow(
      `${name}: input: expected a shape such as ['N', 3, 224, 224], got '1,3,8,8'`
    )
  })

  it('are checked where two networks are compared, and costs counted', async () => {
    await expect(compareNetworks(net, wrong('resnet50'))).rejects.toThrow(
      "compareNetworks: b: expected a network such as resnet18(), got 'resnet50'"
    )
    expect(() => networkCosts(net, wrong({}))).toThrow(
      "networkCosts: input: expected a shape such as ['N', 3, 224, 224], got undefined"
    )
  })

  it('are what another function returns', () => {
    expect(() => formatSummary(wrong(net))).toThrow(
      'formatSummary: summary: expected what summarize returns, got a function'
    )
    expect(() => formatComparison(wrong({ a: net, b: net }))).toThrow(
      'formatComparison: comparison: expected what compareNetworks returns, got an object'
    )
  })
})
