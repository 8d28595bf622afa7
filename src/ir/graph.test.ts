// Collecting graphs, naming their values, verifying them, and rebuilding them on other values.
import { describe, expect, it } from 'vitest'
import { ShapeError } from '../base/errors.js'
import { tensor } from '../tensor/tensor.js'
import * as F from './functional/index.js'
import { collectGraph, GraphError, onOtherValue, verify, type Graph } from './graph.js'
import { constant, graphInput, state } from './operand.js'
import { Value } from './ops.js'
import { printGraph } from './text.js'

const x = graphInput('x', ['N', 2])
const namesOf = (graph: Graph): string[] => graph.values.map(value => graph.names.get(value) ?? '?')

describe('collectGraph', () => {
  it('holds exactly what the outputs depend on, operands before users', () => {
    const used = F.relu(x)
    const unused = F.neg(used)
    const sum = F.add(used, x)
    const graph = collectGraph([x], [{ name: 'y', value: sum }])
    expect(graph.values).toHaveLength(3)
    expect(graph.values).not.toContain(unused)
    expect(graph.values.indexOf(used)).toBeLessThan(graph.values.indexOf(sum))
  })

  it('keeps unused inputs, and holds a value used twice once', () => {
    const idle = graphInput('idle', [1])
    const graph = collectGraph([x, idle], [{ name: 'y', value: F.mul(x, x) }])
    expect(namesOf(graph)).toEqual(['x', 'idle', 'mul'])
  })

  it('has one value per parameter', () => {
    const holder = { shape: [2], dtype: 'float32', data: tensor([1, 2]) } as const
    expect(state(holder)).toBe(state(holder))
    const graph = collectGraph([x], [{ name: 'y', value: F.add(F.mul(x, holder), holder) }])
    expect(namesOf(graph).sort()).toEqual(['add', 'mul', 'state', 'x'])
  })

  it('never renames inputs', () => {
    const holder = { shape: [2], dtype: 'float32', data: tensor([1, 2]) } as const
    const known = state(holder)
    const late = graphInput('x', [2])
    const graph = collectGraph([late], [{ name: 'y', value: F.add(known, late) }], value =>
      value === known ? 'x' : undefined
    )
    expect(graph.names.get(late)).toBe('x')
    expect(graph.names.get(known)).toBe('x#2')
  })

  it('numbers repeated names', () => {
    const graph = collectGraph([x], [{ name: 'y', value: F.relu(F.relu(F.relu(x))) }])
    expect(namesOf(graph)).toEqual(['x', 'relu', 'relu#2', 'relu#3'])
  })

  it('keeps names unique if a suggested name looks numbered', () => {
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

  it('accepts a valid graph', () => {
    expect(broken({})).not.toThrow()
  })

  it('requires a unique name for each value', () => {
    const doubled = new Map(good.names).set(relu, 'add')
    expect(broken({ names: doubled })).toThrow(new GraphError('verify: two values are named add'))
    const nameless = new Map(good.names)
    nameless.delete(relu)
    expect(broken({ names: nameless })).toThrow(new GraphError('verify: a value has no name'))
  })

  it('requires declared inputs', () => {
    expect(broken({ inputs: [] })).toThrow(
      new GraphError("verify: x is used but is not among the graph's inputs")
    )
    expect(() => collectGraph([], [{ name: 'y', value: sum }])).toThrow(GraphError)
  })

  it('requires operands before users', () => {
    expect(broken({ values: [x, sum, relu] })).toThrow(
      new GraphError('verify: add comes before one of its operands')
    )
  })

  it("requires each value to have its op's inferred type", () => {
    const check =
      (value: Value): (() => Graph) =>
      () =>
        collectGraph([x], [{ name: 'y', value }])
    expect(check(new Value(relu.origin, 'float32', ['N', 3]))).toThrow(
      new GraphError('verify: relu is float32[N, 3], but relu returns float32[N, 2]')
    )
    expect(check(new Value(relu.origin, 'int64', ['N', 2]))).toThrow(
      new GraphError('verify: relu is int64[N, 2], but relu returns float32[N, 2]')
    )
  })

  it('requires outputs that are in the graph, under unique names', () => {
    expect(broken({ outputs: [{ name: 'y', value: F.neg(x) }] })).toThrow(
      new GraphError('verify: output y is not in the graph')
    )
    const twice = [relu, sum].map(value => ({ name: 'y', value }))
    expect(broken({ outputs: twice })).toThrow(new GraphError('verify: two outputs are named y'))
    expect(broken({ outputs: [{ name: 'x', value: sum }] })).toThrow(
      new GraphError('verify: output x has the name of an input')
    )
    expect(broken({ outputs: [{ name: 'x', value: x }] })).not.toThrow()
  })

  it('accepts outputs that are inputs or constants', () => {
    const two = constant(tensor([2]))
    const outputs = [x, two].map((value, i) => ({ name: `y${i}`, value }))
    expect(() => collectGraph([x], outputs)).not.toThrow()
  })
})

describe('a value in JavaScript arithmetic', () => {
  it('is refused by name, and can be written in a text', () => {
    const x = graphInput('x', ['N', 3])
    const said = "Value [N, 3]: JavaScript's operators do not work on it; use add, sub, mul or div"
    for (const compute of [() => +(x as never), () => (x as never) * 2, () => (x as never) > 0]) {
      expect(compute).toThrow(said)
    }
    expect(x[Symbol.toPrimitive]('string')).toBe('Value [N, 3]')
  })
})

describe('onOtherValue', () => {
  const x = graphInput('x', [2])
  const w = graphInput('w', [2])
  const scale = F.exp(w)
  const y = F.add(F.mul(x, scale), x)
  const { values } = collectGraph([x, w], [{ name: 'y', value: y }])

  it('rebuilds what depends on the replaced value, and keeps the rest', () => {
    const z = graphInput('z', [2])
    const again = onOtherValue(values, x, F.neg(z))(y)
    expect(printGraph(collectGraph([z, w], [{ name: 'y', value: again }]))).toMatchInlineSnapshot(`
      "graph(z: float32[2], w: float32[2]) {
        exp: float32[2] = exp(w)
        neg: float32[2] = neg(z)
        mul: float32[2] = mul(neg, exp)
        add: float32[2] = add(mul, neg)
        return y = add
      }"
    `)
    expect(onOtherValue(values, x, z)(scale)).toBe(scale)
    expect(onOtherValue(values, x, x)(y)).toBe(y)
  })

  it('checks the shapes again', () => {
    expect(() => onOtherValue(values, x, graphInput('z', [3]))).toThrow(ShapeError)
  })
})
