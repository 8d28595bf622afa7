// Weights out of ONNX files: what was exported, folded, loads again and computes the same, with its names and without them.
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, TensorProto_DataLocation, type ModelProto } from 'onnx-buf'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  BasicBlock,
  Bottleneck,
  compile,
  exportOnnx,
  manualSeed,
  rand,
  readWeights,
  ResNet,
  type Module
} from 'resnet-ts'
import { expectClose } from './support/closeness.js'
import { setStatistics } from './support/model-goldens.js'

const input = ['N', 3, 32, 32] as const
const make: Readonly<Record<string, () => Module>> = {
  basic: () => new ResNet(BasicBlock, [2, 1, 1, 1], { numClasses: 4 }),
  bottleneck: () => new ResNet(Bottleneck, [1, 2, 1, 1], { numClasses: 4, widthPerGroup: 8 })
}

function changed(onnx: Uint8Array, change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, onnx)
  change(model)
  return toBinary(ModelProtoSchema, model)
}

/** As torch's exporter names what it folds. */
function withoutNames(model: ModelProto): void {
  const names = new Map<string, string>()
  for (const node of model.graph?.node ?? []) {
    if (node.opType !== 'Conv') continue
    node.input = node.input.map((name, i) => {
      if (i > 0 && !names.has(name)) names.set(name, `onnx::Conv_${100 + names.size}`)
      return names.get(name) ?? name
    })
  }
  for (const each of model.graph?.initializer ?? []) each.name = names.get(each.name) ?? each.name
}

describe.each(Object.entries(make))('%s', (_, build) => {
  let onnx: Uint8Array
  let logits: Float32Array
  const x = rand([2, 3, 32, 32])
  const run = async (net: Module): Promise<Float32Array> => {
    await using compiled = await compile(net, { input })
    return (await compiled(x)).data
  }

  beforeAll(async () => {
    manualSeed(1)
    const net = build()
    setStatistics(net)
    onnx = exportOnnx(net, { input })
    logits = await run(net)
  })

  it.each([
    ['its names', (): void => {}],
    ['the names that torch gives', withoutNames]
  ])('computes the same, read with %s', async (_names, change) => {
    const notes: string[] = []
    const state = await readWeights(changed(onnx, change), { onNote: note => notes.push(note) })
    manualSeed(2)
    const other = build()
    other.loadStateDict(state)
    expectClose('logits', await run(other), logits)
    expect(notes).toEqual([expect.stringMatching(/batch normalisations are folded .* with eps 0\.00001$/)])
  })

  it('is refused when it is quantized, or not whole', async () => {
    const quantized = changed(onnx, ({ graph }) => graph && (graph.node[0].opType = 'QuantizeLinear'))
    await expect(readWeights(quantized)).rejects.toThrow(
      /is a quantized ONNX file \(it has "QuantizeLinear"\)/
    )
    const split = changed(
      onnx,
      ({ graph }) => graph && (graph.initializer[0].dataLocation = TensorProto_DataLocation.EXTERNAL)
    )
    await expect(readWeights(split)).rejects.toThrow(/lie in another file beside it: .*onnx\.save/)
    await expect(readWeights(onnx.subarray(0, 5000))).rejects.toThrow(/is a damaged ONNX file/)
    const endless = changed(
      onnx,
      ({ graph }) => graph && (graph.node[0].input = new Array<string>(500_000).fill(''))
    )
    await expect(readWeights(endless)).rejects.toThrow(/more than 400000 inputs and outputs/)
    await expect(readWeights(onnx, { entry: 'model' })).rejects.toThrow(
      /is an ONNX file, .* leave out the option entry/
    )
  })

  it('is read where its last layer says nothing of its weight', async () => {
    const damaged = changed(onnx, ({ graph }) => {
      for (const node of graph?.node ?? []) if (node.opType === 'Gemm') node.input = node.input.slice(0, 1)
    })
    expect([...(await readWeights(damaged)).keys()].sort()).toEqual(
      [...(await readWeights(onnx)).keys()].sort()
    )
  })

  it('without names is refused where its form is no such ResNet', async () => {
    const plain = changed(onnx, model => {
      withoutNames(model)
      for (const node of model.graph?.node ?? []) if (node.opType === 'Add') node.opType = 'Sub'
    })
    await expect(readWeights(plain)).rejects.toThrow(/convolutions have no names and are not arranged as/)
  })
})
