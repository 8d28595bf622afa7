// Big Transfer's own files, as TensorFlow named and laid out their tensors, against timm (tools/bit_goldens.py).
import { expect, it } from 'vitest'
import { openNetwork, Parameter, type Module } from 'resnet-ts'
import { findModel, ResNetV2 } from 'resnet-ts/models'
import { describeWeights, encodeWeights, translateWeights, type StateDict } from 'resnet-ts/weights'
import { decode, readGoldens, sha256 } from './support/model-goldens.js'
import { expectLogits, scattered } from './support/timm-goldens.js'

const BIT = readGoldens('bit.json') as {
  readonly size: number
  readonly shapes: Readonly<Record<string, readonly number[]>>
  readonly logits: string
  readonly resnetv2_50x1_bit: { readonly keys: number; readonly sha256: string }
}

/** The goldens' weights, under TensorFlow's names and in its layout. */
function theirs(): StateDict {
  return new Map(
    Object.entries(BIT.shapes).map(([name, shape]) => {
      if (name.endsWith('gamma')) return [name, scattered(name, shape, u => 1 + u / 2)]
      if (shape.length === 1) return [name, scattered(name, shape, u => u / 4)]
      const spread = Math.sqrt(3 / shape.slice(0, -1).reduce((a, b) => a * b, 1))
      return [name, scattered(name, shape, u => u * spread)]
    })
  )
}

const bit = ({ numClasses = 1000 } = {}): Module => new ResNetV2([1, 1, 1, 1], { bit: 1 }, { numClasses })

it('load by themselves, and compute what timm makes of them', async () => {
  const notes: string[] = []
  const weights = new File([Uint8Array.from(encodeWeights(theirs(), { format: 'npz' }))], 'small.npz')
  const { net } = await openNetwork(bit, { weights, onNote: note => notes.push(note) })
  expect(notes).toEqual(["small.npz: took the names of Google's Big Transfer as PyTorch's"])
  await expectLogits('small.npz', net, BIT.size, decode(BIT.logits))
})

it('are written back as they were', () => {
  const given = theirs()
  const back = translateWeights(translateWeights(given), { to: 'bit' })
  expect(new Map([...back].sort())).toEqual(new Map([...given].sort()))
})

it('are known as those of the model that they fit', async () => {
  const net = findModel('resnetv2_50x1_bit').build({ numClasses: 7 })
  for (const parameter of net.parameters()) parameter.data = new Parameter(parameter.shape).data
  const file = translateWeights(net.stateDict(), { to: 'bit' })
  const { keys, sha256: expected } = BIT.resnetv2_50x1_bit
  const asPublished = [...file].map(([name, { shape }]) => {
    const isHead = name.startsWith('resnet/head/')
    return `${name} [${[...shape.slice(0, -1), isHead ? 1000 : shape.at(-1)].join(', ')}]`
  })
  expect([asPublished.length, sha256(asPublished.sort().join('\n'))]).toEqual([keys, expected])
  const found = await describeWeights(encodeWeights(file, { format: 'npz' }))
  expect(found).toMatchObject({
    dialect: 'bit',
    models: ['resnetv2_50x1_bit'],
    hasHead: true,
    numClasses: 7,
    leftOut: []
  })
})
