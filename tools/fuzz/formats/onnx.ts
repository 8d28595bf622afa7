// ONNX files as weights: a network's form with the smallest tensors that fit it, changed as bytes and as messages.
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, TensorProto_DataLocation, type ModelProto } from 'onnx-buf'
import { exportOnnx } from '../../../src/compile/inference.js'
import { BasicBlock, Bottleneck, ResNet } from '../../../src/models/resnet/resnet.js'
import { readWeights } from '../../../src/weights/read-weights.js'
import { format, type Format } from '../format.js'
import { mutatedBytes } from '../mutate-bytes.js'
import type { Random } from '../random.js'

const FLOAT = 1
const FLOAT_BYTES = 4

/** Of the same form, with tensors of one element. */
function small(onnx: Uint8Array): ModelProto {
  const model = fromBinary(ModelProtoSchema, onnx)
  for (const tensor of model.graph?.initializer ?? []) {
    if (tensor.dataType !== FLOAT) continue
    tensor.dims = tensor.dims.map(() => 1n)
    tensor.rawData = new Uint8Array(FLOAT_BYTES)
  }
  return model
}

/** As torch's exporter names what it folds. */
function unnamed(model: ModelProto): ModelProto {
  const names = new Map(model.graph?.initializer.map(({ name }, i) => [name, `onnx::Conv_${i}`]))
  for (const each of model.graph?.initializer ?? []) each.name = names.get(each.name) ?? each.name
  for (const node of model.graph?.node ?? []) node.input = node.input.map(name => names.get(name) ?? name)
  return model
}

const SIZES = [0n, 1n, -1n, 3n, 2n ** 16n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)]
const TEXTS = [
  '',
  'Conv',
  'BatchNormalization',
  'Identity',
  'Add',
  'Constant',
  '__proto__',
  'constructor',
  'a.b',
  '\u001b[2J'
]

/** Changes one node or one initialiser, and nothing of how they are written. */
function change(model: ModelProto, random: Random): void {
  const { graph } = model
  if (!graph) return
  const tensor = random.pick(graph.initializer)
  const node = random.pick(graph.node)
  const other = random.pick(graph.node)
  switch (random.below(12)) {
    case 0:
      tensor.dims = tensor.dims.map(size => (random.oneIn(2) ? random.pick(SIZES) : size))
      break
    case 1:
      tensor.dims = Array.from({ length: random.pick([0, 2, 8, 300]) }, () => random.pick(SIZES))
      break
    case 2:
      tensor.dataType = random.below(30)
      break
    case 3:
      tensor.rawData = new Uint8Array(random.bytes(random.below(9)))
      break
    case 4:
      tensor.floatData = [1, NaN]
      tensor.int64Data = [2n ** 62n]
      break
    case 5:
      tensor.name = random.oneIn(2) ? random.pick(TEXTS) : random.pick(graph.initializer).name
      break
    case 6:
      tensor.dataLocation = random.pick([TensorProto_DataLocation.EXTERNAL, TensorProto_DataLocation.DEFAULT])
      break
    case 7:
      node.opType = random.pick(TEXTS)
      break
    case 8:
      node.input = random.oneIn(2) ? other.output : [random.pick(TEXTS), ...node.input.slice(1)]
      break
    case 9:
      node.output = random.oneIn(2) ? other.output : other.input
      break
    case 10:
      graph.node = random.oneIn(2) ? graph.node.filter(each => each !== node) : graph.node.toReversed()
      break
    default:
      graph.initializer = random.oneIn(2)
        ? graph.initializer.filter(each => each !== tensor)
        : graph.initializer.flatMap(each =>
            each === tensor ? Array.from({ length: 40 }, () => each) : [each]
          )
  }
}

const onnx = format('onnx', async () => {
  const input = ['N', 3, 32, 32] as const
  const files = [
    new ResNet(BasicBlock, [1, 1, 1, 1], { numClasses: 1 }),
    new ResNet(Bottleneck, [1, 1, 1, 1])
  ]
    .map(net => exportOnnx(net, { input }))
    .flatMap(bytes => [small(bytes), unnamed(small(bytes))])
    .map(model => toBinary(ModelProtoSchema, model))
  return {
    draw(random) {
      const file = random.pick(files)
      if (random.oneIn(3)) return mutatedBytes(file, random, files)
      const model = fromBinary(ModelProtoSchema, file)
      for (let left = 1 + random.below(3); left > 0; left--) change(model, random)
      return new Uint8Array(toBinary(ModelProtoSchema, model))
    },
    read: bytes => readWeights(bytes)
  }
})

export const ONNX: readonly Format[] = [onnx]
