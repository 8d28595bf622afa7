import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tensor } from '../tensor/tensor.js'
import { encodeWeights } from '../weights/write-weights.js'
import { CHECKPOINT_VERSION, METADATA_KEY, readSavedNetwork, type CheckpointNetwork } from './checkpoint.js'
import { CheckpointError } from './network-error.js'
import { networkTensors } from './network-tensors.js'

const NETWORK: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 2, inChannels: 1, residual: true },
  classes: ['a', 'b'],
  transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
}

const saved = (about: unknown): Blob =>
  new Blob([
    encodeWeights(new Map([['w', tensor([1])]]), { metadata: { [METADATA_KEY]: JSON.stringify(about) } })
  ])
const savedNetwork = (network: unknown): Blob => saved({ version: CHECKPOINT_VERSION, network })

describe('what a checkpoint says of its network', () => {
  it('is read as it was written, also of a network from a file', async () => {
    const file = { path: '../my-net.mjs', export: 'default', sha256: 'ab' }
    for (const network of [NETWORK, { ...NETWORK, file }, { ...NETWORK, multiLabel: true }]) {
      const { network: found, tensors } = await readSavedNetwork(savedNetwork(network))
      expect(found).toEqual(network)
      expect([...tensors.keys()]).toEqual(['w'])
    }
  })

  it.each<[string, object]>([
    ['no model', { model: undefined }],
    ['a model that is no text', { model: ['resnet18'] }],
    ['a name without end', { model: 'x'.repeat(5000) }],
    ['a name that a terminal would run', { model: 'resnet18\u001b[31m' }],
    ['a class that a terminal would run', { classes: ['cat\n', '\u009b2J'] }],
    ['no options', { options: undefined }],
    ['no classes at all', { options: { ...NETWORK.options, numClasses: 0 } }],
    ['more classes than make sense', { options: { ...NETWORK.options, numClasses: 2 ** 40 } }],
    ['two channels', { options: { ...NETWORK.options, inChannels: 2 } }],
    ['a gate that is open by NaN', { options: { ...NETWORK.options, gateBias: 'x' } }],
    ['classes without names', { classes: [1, 2] }],
    ['several labels, perhaps', { multiLabel: 'maybe' }],
    ['a file without a digest', { file: { path: 'a.mjs', export: 'default' } }]
  ])('is refused with %s', async (_, change) => {
    const reading = readSavedNetwork(savedNetwork({ ...NETWORK, ...change }))
    await expect(reading).rejects.toThrow(CheckpointError)
    await expect(reading).rejects.toThrow('was not written by this version of the package')
  })

  it.each<[string, unknown, string]>([
    ['a transform without a name', [{}], 'transforms[0].name: expected the name of a step, got undefined'],
    [
      'too many transforms',
      Array(101).fill({ name: 'toTensor' }),
      'transforms: expected an array of 1 to 64'
    ],
    ['no transforms', undefined, 'transforms: expected an array of 1 to 64, got undefined']
  ])('is refused with %s', async (_, transforms, fault) => {
    const reading = readSavedNetwork(savedNetwork({ ...NETWORK, transforms }))
    await expect(reading).rejects.toThrow(CheckpointError)
    await expect(reading).rejects.toThrow(fault)
  })

  it('is read, or refused in a sentence, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async about => {
        const error = await readSavedNetwork(saved(about)).catch((reason: unknown) => reason)
        expect(error).toBeInstanceOf(CheckpointError)
      }),
      { numRuns: 50 }
    )
  })
})

describe('networkTensors', () => {
  it('are the averages where there are any, and nothing of the trainer', () => {
    const [current, average] = [tensor([1]), tensor([2])]
    const all = new Map([
      ['a', current],
      ['b', current],
      ['average/a', average],
      ['optimizer/momentum/a', current],
      ['accumulated/a', current]
    ])
    expect([...networkTensors(all)]).toEqual([
      ['a', average],
      ['b', current]
    ])
  })
})
