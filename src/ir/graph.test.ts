// Collecting graphs, naming what is in them, and checking them.
import { describe, expect, it } from 'vitest'
import { tensor } from '../tensor/tensor.js'
import * as F from './functional/index.js'
import { collectGraph, GraphError, verify, type Graph } from './graph.js'
import { constant, graphInput, state } from './operand.js'
import { Value } from './ops.js'

const x = graphInput('x', ['N', 2])
const namesOf = (graph: Graph): string[] => graph.values.map(value => graph.names.get(value) ?? '?')

describe('collectGraph', () => {
  it('holds what the outputs reach, operands before users, and nothing else', () => {
    const used = F.relu(x)
    const unused = F.neg(used)
    const sum = F.add(used, x)
    const graph = collectGraph([x], [{ name: 'y', value: sum }])
    expect(graph.values).toHaveLength(3)
    expect(graph.values).not.toContain(unused)
    expect(graph.values.indexOf(used)).toBeLessThan(graph.values.indexOf(sum))
  })

  it('keeps an input that nothing uses, and a value that is used twice once', () => {
    const idle = graphInput('idle', [1])
    const graph = collectGraph([x, idle], [{ name: 'y', value: F.mul(x, x) }])
    expect(namesOf(graph)).toEqual(['x', 'idle', 'mul'])
  })

  it('knows a parameter by its holder', () => {
    const holder = { shape: [2], dtype: 'float32', data: tensor([1, 2]) } as const
    expect(state(holder)).toBe(state(holder))
    const graph = collectGraph([x], [{ name: 'y', value: F.add(F.mul(x, holder), holder) }])
    expect(namesOf(graph).sort()).toEqual(['add', 'mul', 'state', 'x'])
  })

  it('leaves inputs their names, whatever else is called so', () => {
    const holder = { shape: [2], dtype: 'float32', data: tensor([1, 2]) } as const
    const known = state(holder)
    const late = graphInput('x', [2])
    const graph = collectGraph([late], [{ name: 'y', value: F.add(known, late) }], value =>
      value === known ? 'x' : undefined
    )
    expect(graph.names.get(late)).toBe('x')
    expect(graph.names.get(known)).toBe('x#2')
  })

  it('numbers names that are wanted more than once', () => {
    const graph = collectGraph([x], [{ name: 'y', value: F.relu(F.relu(F.relu(x))) }])
    expect(namesOf(graph)).toEqual(['x', 'relu', 'relu#2', 'relu#3'])
  })

  it('keeps names apart when one is suggested that looks numbered', () => {
    const chain = [F.relu(x)]
    for (let i = 0; i < 4; i++) chain.push(F.relu(chain[i]))
    const suggested = new Map([
      [chain[0], 'relu#2'],
      [chain[3], 'relu#2']
    ])
    const graph = collectGraph([x], [{ name: 'y', value: chain[4] }], value => suggested.get(value))
    expect(namesOf(graph)).toEqual(['x', 'relu#2', 'relu', 'relu#3', 'relu#2#2', 'relu#4'])
  })
})

describe('verify', () => {
  const relu = F.relu(x)
  const sum = F.add(relu, x)
  const good: Graph = collectGraph([x], [{ name: 'y', value: sum }])
  const broken = (change: Partial<Graph>): (() => void) => {
    return () => verify({ ...good, ...change })
  }

  it('accepts a good graph', () => {
    expect(broken({})).not.toThrow()
  })

  it('wants a name of its own for each value', () => {
    const doubled = new Map(good.names).set(relu, 'add')
    expect(broken({ names: doubled })).toThrow(new GraphError('verify: add has no name of its own'))
    const nameless = new Map(good.names)
    nameless.delete(relu)
    expect(broken({ names: nameless })).toThrow(new GraphError('verify: a value has no name of its own'))
  })

  it('wants inputs declared', () => {
    expect(broken({ inputs: [] })).toThrow(
      new GraphError("verify: x is used but is not among the graph's inputs")
    )
    expect(() => collectGraph([], [{ name: 'y', value: sum }])).toThrow(GraphError)
  })

  it('wants operands before users', () => {
    expect(broken({ values: [x, sum, relu] })).toThrow(
      new GraphError('verify: add comes before something it is computed from')
    )
  })

  it('wants each value to have the type its op gives', () => {
    const check =
      (value: Value): (() => Graph) =>
      () =>
        collectGraph([x], [{ name: 'y', value }])
    expect(check(new Value(relu.origin, 'float32', ['N', 3]))).toThrow(
      new GraphError('verify: relu is float32[N, 3], but relu gives float32[N, 2]')
    )
    expect(check(new Value(relu.origin, 'int64', ['N', 2]))).toThrow(
      new GraphError('verify: relu is int64[N, 2], but relu gives float32[N, 2]')
    )
  })

  it('wants outputs that are in the graph, under names of their own', () => {
    expect(broken({ outputs: [{ name: 'y', value: F.neg(x) }] })).toThrow(
      new GraphError('verify: output y is not in the graph')
    )
    const twice = [relu, sum].map(value => ({ name: 'y', value }))
    expect(broken({ outputs: twice })).toThrow(new GraphError('verify: two outputs are named y'))
    expect(broken({ outputs: [{ name: 'x', value: sum }] })).toThrow(
      new GraphError('verify: output x is named like an input')
    )
    expect(broken({ outputs: [{ name: 'x', value: x }] })).not.toThrow()
  })

  it('has nothing against outputs that are inputs or constants', () => {
    const two = constant(tensor([2]))
    const outputs = [x, two].map((value, i) => ({ name: `y${i}`, value }))
    expect(() => collectGraph([x], outputs)).not.toThrow()
  })
})
