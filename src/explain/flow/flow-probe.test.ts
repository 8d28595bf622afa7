import { describe, expect, it } from 'vitest'
import * as F from '../../ir/functional/index.js'
import { collectGraph, type Graph } from '../../ir/graph.js'
import { graphInput } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { interpret } from '../../ir/testing/interpret.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Dropout } from '../../nn/layers/dropout.js'
import { Residual } from '../../nn/layers/residual.js'
import { Sequential } from '../../nn/layers/containers.js'
import { Module } from '../../nn/module/module.js'
import { manualSeed, randn } from '../../tensor/random/random.js'
import type { Tensor } from '../../tensor/tensor.js'
import { probeGraph } from './flow-probe.js'

const [N, C, SIDE] = [3, 2, 5]
const SHAPE = [N, C, SIDE, SIDE]
const ITEM = C * SIDE * SIDE

function measured(net: Module, x: Tensor): Record<'branches' | 'shortcuts', readonly number[]> {
  const { body: branches, shortcut: shortcuts } = interpret(probeGraph(net, x.shape).graph, { x })
  return { branches: Array.from(branches.data, Number), shortcuts: Array.from(shortcuts.data, Number) }
}

/** Of each image, written out. */
function normsOf(data: ArrayLike<number>): number[] {
  return Array.from({ length: N }, (_, n) =>
    Math.sqrt(Array.from({ length: ITEM }, (_, i) => data[n * ITEM + i] ** 2).reduce((sum, v) => sum + v, 0))
  )
}

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  // Both are float64; inputs and weights are the same float32 numbers.
  for (const [i, value] of expected.entries()) expect(Math.abs(found[i] / value - 1)).toBeLessThan(1e-9)
}

/** conv(x) + x alone. */
function firstSum(net: { readonly conv: Conv2d }): Graph {
  const x = graphInput('x', SHAPE)
  return collectGraph([x], [{ name: 'y', value: F.add(net.conv(x), x) }])
}

describe('probeGraph', () => {
  it('measures F(x) with batch statistics, as in a training step', () => {
    manualSeed(3)
    const net = new Sequential({ block: new Residual(new BatchNorm2d(C)) })
    const x = randn(SHAPE)
    const { branches, shortcuts } = measured(net, x)
    // (x − mean) / √(variance + ε) of each channel over images and pixels.
    const pixels = SIDE * SIDE
    const channelOf = (i: number): number => Math.floor(i / pixels) % C
    const moments = Array.from({ length: C }, (_, c) => {
      const values = Array.from(x.data, Number).filter((_, i) => channelOf(i) === c)
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length
      return [mean, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length]
    })
    const normalised = Array.from(x.data, Number).map((v, i) => {
      const [mean, variance] = moments[channelOf(i)]
      return (v - mean) / Math.sqrt(variance + 1e-5)
    })
    expectNear(branches, normsOf(normalised))
    expectNear(shortcuts, normsOf(Array.from(x.data, Number)))
  })

  it('has a column per block, and measures a branch as it is added', () => {
    class Own extends Module {
      readonly conv = new Conv2d(C, C, 3, { padding: 1 })
      forward(x: Value): Value {
        const y = F.add(this.conv(x), x)
        // One number per channel, broadcast over its pixels.
        return F.add(F.mean(F.relu(y), [2, 3], { keepDim: true }), y)
      }
    }
    manualSeed(4)
    const net = new Own()
    const x = randn(SHAPE)
    const { graph, blocks, state } = probeGraph(net, SHAPE)
    expect(blocks).toEqual(['add', 'add#2'])
    expect(state.map(({ name }) => name).sort()).toEqual(['conv.bias', 'conv.weight'])
    const { body: branches, shortcut: shortcuts } = interpret(graph, { x })
    expect([branches.shape, shortcuts.shape]).toEqual([
      [N, 2],
      [N, 2]
    ])
    const y = Array.from(interpret(firstSum(net), { x }).y.data, Number)
    const means = y.map((_, i) => {
      const start = Math.floor(i / (SIDE * SIDE)) * SIDE * SIDE
      return y.slice(start, start + SIDE * SIDE).reduce((sum, v) => sum + Math.max(0, v), 0) / (SIDE * SIDE)
    })
    const column = (data: ArrayLike<number | bigint>, at: number): number[] =>
      Array.from({ length: N }, (_, row) => Number(data[2 * row + at]))
    expectNear(column(branches.data, 1), normsOf(means))
    expectNear(column(shortcuts.data, 1), normsOf(y))
    expectNear(column(shortcuts.data, 0), normsOf(Array.from(x.data, Number)))
  })

  it('has inputs for the noise of dropout, and no outputs without blocks', () => {
    const net = new Sequential({ block: new Residual(new Dropout(0.5)) })
    expect(probeGraph(net, SHAPE).noise.map(({ shape }) => shape)).toEqual([SHAPE])
    const plain = probeGraph(new Sequential(new Conv2d(C, C, 1)), SHAPE)
    expect([plain.blocks, plain.graph.outputs]).toEqual([[], []])
  })
})
