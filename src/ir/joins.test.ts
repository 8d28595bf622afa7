import { describe, expect, it } from 'vitest'
import { ones } from '../tensor/tensor.js'
import * as F from './functional/index.js'
import { collectGraph } from './graph.js'
import { findJoins } from './joins.js'
import { graphInput } from './operand.js'
import type { Value } from './ops.js'

const x = graphInput('x', ['N', 4, 8, 8])
const joinsOf = (value: Value, inputs = [x]): ReturnType<typeof findJoins> =>
  findJoins(collectGraph(inputs, [{ name: 'y', value }]))

describe('findJoins', () => {
  it('finds F(x) + x in either order', () => {
    const body = F.relu(F.neg(x))
    for (const sum of [F.add(body, x), F.add(x, body)]) {
      expect(joinsOf(sum)).toEqual([{ value: sum, op: 'add', fork: x, body, shortcut: x, inGate: false }])
    }
  })

  it('finds a projected shortcut as the shorter branch', () => {
    const before = F.relu(x)
    const [body, shortcut] = [F.neg(F.relu(F.neg(before))), F.abs(before)]
    const sum = F.add(shortcut, body)
    expect(joinsOf(F.relu(sum))).toEqual([
      { value: sum, op: 'add', fork: before, body, shortcut, inGate: false }
    ])
  })

  it('finds a gate inside a residual branch', () => {
    const inner = F.relu(x)
    const gate = F.sigmoid(F.mean(inner, [2, 3], { keepDim: true }))
    const gated = F.mul(inner, gate)
    const sum = F.add(gated, x)
    expect(joinsOf(sum)).toEqual([
      { value: gated, op: 'mul', fork: inner, body: gate, shortcut: inner, inGate: false },
      { value: sum, op: 'add', fork: x, body: gated, shortcut: x, inGate: false }
    ])
  })

  it('does not count a sum of parts', () => {
    const [first, second, third] = F.chunk(x, 4, 1)
    const conv = F.relu(first)
    expect(joinsOf(F.cat([F.add(F.neg(F.add(conv, second)), third), conv], 1))).toEqual([])
    expect(
      joinsOf(F.add(first, F.mul(second, F.sigmoid(F.mean(F.add(first, second), 1, { keepDim: true })))))
    ).toEqual([])
    // A shortcut may skip pixels, where the other branch takes x whole.
    const strided = F.slice(x, 2, 0, 8, 2)
    expect(joinsOf(F.add(strided, F.maxPool2d(x, [2, 1])))).toHaveLength(1)
    expect(joinsOf(F.add(first, F.mean(x, 1, { keepDim: true })))).toHaveLength(1)
  })

  it('follows a chain of blocks, each from its own fork', () => {
    const first = F.add(F.relu(x), x)
    const second = F.add(F.relu(first), first)
    expect(joinsOf(second).map(({ fork }) => fork)).toEqual([x, first])
  })

  it('does not count an activation as a gate', () => {
    const inner = F.amax(x, [2, 3], { keepDim: true })
    expect(joinsOf(F.silu(inner))).toEqual([])
    expect(joinsOf(F.gelu(inner)).filter(({ op }) => op === 'mul')).toEqual([])
    expect(joinsOf(F.mul(F.sigmoid(F.mean(inner, 1, { keepDim: true })), inner))).toHaveLength(1)
    const slope = F.reshape(ones([4]), [1, 4, 1, 1])
    expect(joinsOf(F.mul(x, F.sigmoid(F.mul(x, slope))))).toEqual([])
  })

  it('marks a sum inside a gate', () => {
    const gate = F.sigmoid(F.add(F.mean(x, [2, 3], { keepDim: true }), F.amax(x, [2, 3], { keepDim: true })))
    const sum = F.add(F.mul(x, gate), x)
    expect(joinsOf(sum).map(({ op, inGate }) => [op, inGate])).toEqual([
      ['add', true],
      ['mul', false],
      ['add', false]
    ])
  })

  it('finds none if an operand is not a branch of the network', () => {
    const other = graphInput('z', ['N', 4, 8, 8])
    expect(joinsOf(F.add(F.relu(x), 1))).toEqual([])
    expect(joinsOf(F.mul(F.relu(x), ones([1, 4, 1, 1])))).toEqual([])
    expect(joinsOf(F.mul(x, x))).toEqual([])
    expect(joinsOf(F.add(F.relu(x), other), [x, other])).toEqual([])
  })
})
