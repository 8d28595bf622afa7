// The contents of encoded models, and that ONNX Runtime opens them whatever the names of their outputs.
import { fromBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  ModelProtoSchema,
  TensorProto_DataType,
  type ModelProto
} from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import * as F from '../ir/functional/index.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import type { Value } from '../ir/ops.js'
import { expectClose } from '../ir/testing/expect-close.js'
import { interpret } from '../ir/testing/interpret.js'
import { tensor } from '../tensor/tensor.js'
import { encodeOnnx, encodeSplit } from './encode.js'
import { runOnnx } from './testing/run-onnx.js'

const decode = (graph: Graph): ModelProto => fromBinary(ModelProtoSchema, encodeOnnx(graph, 'tiny'))

const weight = { shape: [3, 2], dtype: 'float32', data: tensor([1, 2, 3, 4, 5, 6.5], [3, 2]) } as const
const x = graphInput('x', ['N', 2])
const fed = { x: tensor([1, -2, 3, -4], [2, 2]) }

function graphOf(...outputs: [name: string, value: Value][]): Graph {
  return collectGraph(
    [x],
    outputs.map(([name, value]) => ({ name, value })),
    ({ origin }) => (origin.kind === 'state' ? 'fc.weight' : undefined)
  )
}

describe('encodeOnnx', () => {
  const model = decode(graphOf(['y', F.linear(x, weight)]))

  it('is called as its network', () => {
    expect(model.graph?.name).toBe('tiny')
  })

  it.each([
    [undefined, 17n, 8n],
    [17, 17n, 8n],
    [18, 18n, 8n],
    [20, 20n, 9n]
  ] as const)('of opset %s declares it, the IR of its time, and no other domain', (opset, version, ir) => {
    const bytes = encodeOnnx(graphOf(['y', F.linear(x, weight)]), 'tiny', { opset })
    const { opsetImport, irVersion } = fromBinary(ModelProtoSchema, bytes)
    expect({ opsets: opsetImport.map(each => [each.domain, each.version]), irVersion }).toEqual({
      opsets: [['', version]],
      irVersion: ir
    })
  })

  it('gives reductions their axes as attributes up to opset 17, as operands from 18 on, and ReduceSum always as an operand', () => {
    const image = graphInput('x', ['N', 2, 3])
    const total = F.add(F.add(F.sum(image, [1]), F.mean(image, [1])), F.amax(image, 1))
    const spread = F.add(total, F.variance(image, [1]))
    const formsIn = (opset: 17 | 18 | 20): string[] =>
      (
        fromBinary(
          ModelProtoSchema,
          encodeOnnx(collectGraph([image], [{ name: 'y', value: spread }]), 'tiny', { opset })
        ).graph?.node ?? []
      )
        .filter(({ opType }) => opType.startsWith('Reduce'))
        .map(({ opType, input, attribute }) => {
          const axes = attribute.find(({ name }) => name === 'axes')
          return `${opType}: ${input.length}, ${axes?.ints.join() ?? 'none'}`
        })
    const asOperands = ['Sum', 'Mean', 'Max', 'Mean', 'SumSquare'].map(name => `Reduce${name}: 2, none`)
    const asAttributes = asOperands.map(form =>
      form.includes('ReduceSum:') ? form : form.replace('2, none', '1, 1')
    )
    expect(formsIn(17).sort()).toEqual(asAttributes.sort())
    expect(formsIn(18).sort()).toEqual(asOperands.sort())
    expect(formsIn(20).sort()).toEqual(asOperands.sort())
  })

  it('carries metadata, and by default none', () => {
    expect(model.metadataProps).toEqual([])
    const bytes = encodeOnnx(graphOf(['y', F.linear(x, weight)]), 'tiny', { metadata: { author: 'é' } })
    const [entry, ...others] = fromBinary(ModelProtoSchema, bytes).metadataProps
    expect([entry.key, entry.value, others]).toEqual(['author', 'é', []])
  })

  it('keeps weights as raw bytes under their names', () => {
    const initializers = model.graph?.initializer ?? []
    expect(initializers.map(({ name }) => name)).toEqual(['fc.weight'])
    const [{ dims, dataType, rawData, floatData }] = initializers
    expect([dims, dataType, floatData.length]).toEqual([[3n, 2n], TensorProto_DataType.FLOAT, 0])
    expect([...new Float32Array(rawData.slice().buffer)]).toEqual([1, 2, 3, 4, 5, 6.5])
  })

  it('stores small constants as raw bytes too, and distinguishes floats from integers', () => {
    const image = graphInput('x', ['N', 2, 4, 4])
    const channel = tensor([1, 2])
    const norm = F.batchNorm(
      image,
      { weight: channel, bias: channel, runningMean: channel, runningVar: channel },
      1
    )
    const { graph } = decode(collectGraph([image], [{ name: 'y', value: F.sum(norm, [1]) }]))
    for (const each of graph?.initializer ?? []) {
      expect(each.rawData.length, each.name).toBeGreaterThan(0)
      expect(each.floatData.length + each.int64Data.length, each.name).toBe(0)
    }
    const epsilon = graph?.node.flatMap(node => node.attribute).find(({ name }) => name === 'epsilon')
    expect(epsilon?.type).toBe(AttributeProto_AttributeType.FLOAT)
    expect(epsilon?.f).toBe(1)
  })

  it('leaves the batch symbolic in inputs and outputs', () => {
    const shapeOf = (value: (typeof model & { graph: object })['graph']['input'][number]): unknown =>
      value.type?.value.case === 'tensorType'
        ? value.type.value.value.shape?.dim.map(dim => dim.value.value)
        : undefined
    expect(model.graph?.input.map(shapeOf)).toEqual([['N', 2n]])
    expect(model.graph?.output.map(shapeOf)).toEqual([['N', 3n]])
  })
})

describe('names of outputs', () => {
  const relu = F.relu(x)
  const product = F.linear(relu, weight)
  const sum = F.add(relu, x)

  const GRAPHS: Readonly<Record<string, Graph>> = {
    'an output has the name of an inner value': graphOf(['relu', sum]),
    'two outputs have swapped names': graphOf(['add', relu], ['relu', sum]),
    'an output has the name of a weight': graphOf(['fc.weight', product]),
    'one value has two names': graphOf(['y', sum], ['z', sum]),
    'an output is an input under its own name': graphOf(['x', x], ['y', sum]),
    'an output is an input under another name': graphOf(['y', x]),
    'an output is a weight, under its own name and another': graphOf(
      ['fc.weight', F.linear(x, weight).inputs[1]],
      ['w', F.linear(x, weight).inputs[1]],
      ['y', product]
    ),
    'an output is also an operand': graphOf(['inner', relu], ['y', sum])
  }

  it.each(Object.entries(GRAPHS))('%s', async (_, graph) => {
    const actual = await runOnnx(graph, fed)
    const expected = interpret(graph, fed)
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
    for (const [name, value] of Object.entries(expected)) expectClose(actual[name], value, 1e-6, name)
  })
})

describe('encodeSplit', () => {
  const large = {
    shape: [200, 2],
    dtype: 'float32',
    data: tensor(new Float32Array(400).fill(0.5), [200, 2])
  } as const

  it('stores large weights outside and small ones inside', () => {
    const y = F.linear(F.linear(x, weight), tensor(new Float32Array(6), [2, 3]))
    const graph = collectGraph([x], [{ name: 'y', value: F.linear(y, large) }])
    const { onnx, weights } = encodeSplit(graph, 'tiny')
    const initializers = fromBinary(ModelProtoSchema, onnx).graph?.initializer ?? []
    expect(initializers.map(({ rawData }) => rawData.length).sort((a, b) => a - b)).toEqual([0, 24, 24])
    expect(weights).toHaveLength(1)
    expect(new Float32Array(weights[0].data.buffer, 0, 400).every(value => value === 0.5)).toBe(true)
  })

  it('has no weight block if all weights are small', () => {
    expect(encodeSplit(graphOf(['y', F.linear(x, weight)]), 'tiny').weights).toEqual([])
  })
})

describe('a maximum pool and its gradient', () => {
  const image = graphInput('x', [2, 3, 6, 6])
  const pooled = F.maxPool2d(image, 3, { stride: 2, padding: 1 })
  const spread = F.maxUnpool2d(image, pooled, 3, { stride: 2, padding: 1 })
  const nodesOf = (...values: Value[]): string[] => {
    const outputs = values.map((value, i) => ({ name: `y${i}`, value }))
    const { graph } = decode(collectGraph([image], outputs))
    return graph?.node.map(({ opType }) => opType) ?? []
  }

  it('share one pass over the image, which returns positions only if they are used', () => {
    const pools = (nodes: string[]): number => nodes.filter(name => name === 'MaxPool').length
    expect(pools(nodesOf(pooled, spread))).toBe(1)
    expect(nodesOf(pooled)).toEqual(['MaxPool'])
  })

  it('do not store zeros of the size of the image', () => {
    expect(encodeOnnx(collectGraph([image], [{ name: 'y', value: spread }]), 'tiny').length).toBeLessThan(
      1500
    )
  })
})
