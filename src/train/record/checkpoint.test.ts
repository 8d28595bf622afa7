import { describe, expect, it } from 'vitest'
import { METADATA_KEY, type CheckpointNetwork } from '../../networks/checkpoint.js'
import { CheckpointError } from '../../networks/network-error.js'
import { tensor } from '../../tensor/tensor.js'
import { encodeWeights } from '../../weights/write-weights.js'
import { startOfEpoch } from '../position.js'
import { encodeCheckpoint, readCheckpoint, writeCheckpoint, type RunProgress } from './checkpoint.js'

const network: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 2, inChannels: 1, residual: true },
  classes: ['no', 'yes'],
  transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
}
const tensors = new Map([
  ['constructor', tensor([1])],
  ['__proto__', tensor([2])]
])
const progress: RunProgress = {
  settings: { data: 'a\nfolder', epochs: '2' },
  position: { ...startOfEpoch(1), gradientNorms: { 'fc.weight': Infinity } },
  steps: 3,
  batches: 6,
  epochs: [
    {
      epoch: 1,
      step: 3,
      learningRate: 0.1,
      train: { loss: 1, accuracy: NaN },
      seconds: 1,
      imagesPerSecond: 6
    }
  ],
  best: { epoch: 1, accuracy: NaN },
  losses: { every: 1, values: [0.5, 0.25] }
}

/** A checkpoint as written, with some of what it says of the run replaced. */
const readChanged = (change: object): Promise<unknown> => {
  const epochs = progress.epochs.map(record => JSON.stringify(record))
  const about = { version: 1, network, progress: { ...progress, epochs, ...change } }
  const bytes = encodeWeights(tensors, { metadata: { [METADATA_KEY]: JSON.stringify(about) } })
  return readCheckpoint(new Blob([bytes]))
}

describe("a run's progress", () => {
  it('is read as it was written, numbers that JSON lacks and tensors of any name among it', async () => {
    const bytes = encodeCheckpoint({ network, progress, tensors })
    const found = await readCheckpoint(new Blob([bytes]))
    expect(found.progress).toEqual(progress)
    expect([...found.tensors.keys()]).toEqual(['constructor', '__proto__'])
  })

  it('says how many pictures were unreadable where it cannot name all', async () => {
    const unreadable = Array.from({ length: 300 }, (_, i) => `${i}/${'x'.repeat(60_000)}`)
    const read = async (run: RunProgress): Promise<RunProgress | undefined> =>
      (await readCheckpoint(new Blob([encodeCheckpoint({ network, progress: run, tensors })]))).progress
    const found = await read({ ...progress, unreadable })
    expect(found?.unreadable).toEqual(unreadable.slice(0, found?.unreadable?.length))
    expect(found?.unreadable?.length).toBeGreaterThan(100)
    expect(found?.unreadableCount).toBe(300)
    // A run that goes on knows the same.
    expect((await read({ ...progress, ...found }))?.unreadableCount).toBe(300)
    const few = await read({ ...progress, unreadable: ['a.jpg'] })
    expect(few).toEqual({ ...progress, unreadable: ['a.jpg'] })
  })

  it('is that of an older checkpoint, which has null for numbers that JSON lacks', async () => {
    const best = { epoch: 1, accuracy: null }
    expect(await readChanged({ best })).toMatchObject({ progress: { best: { epoch: 1, accuracy: NaN } } })
  })

  it.each<[string, object, string]>([
    ['no settings', { settings: null }, 'settings: expected an object, got null'],
    [
      'settings that are no text',
      { settings: { lr: 1 } },
      "settings['lr']: expected text of at most 65536 characters, got 1"
    ],
    [
      'an empty position',
      { position: {} },
      'position.epoch: expected a whole number from 0 to 1099511627776, got undefined'
    ],
    [
      'a position that is text',
      { position: { ...progress.position, batch: '3' } },
      "position.batch: expected a whole number from 0 to 1099511627776, got '3'"
    ],
    [
      'a negative size',
      { position: { ...progress.position, images: -1 } },
      'position.images: expected a whole number from 0 to 1099511627776, got -1'
    ],
    [
      'steps without end',
      { steps: 1e308 },
      'steps: expected a whole number from 0 to 1099511627776, got 1e+308'
    ],
    ['more steps than batches', { steps: 7 }, 'steps: expected no more than the 6 batches, got 7'],
    [
      'an empty epoch',
      { epochs: ['{}'] },
      'epochs[0].epoch: expected a whole number from 1 to 1099511627776, got undefined'
    ],
    ['an epoch that is no JSON', { epochs: ['{'] }, "epochs[0]: expected JSON, got '{'"],
    ['no epochs', { epochs: null }, 'epochs: expected an array of 0 to 1048576, got null'],
    ['a best that is text', { best: 'last' }, "best: expected an object, got 'last'"],
    [
      'losses of every 0th batch',
      { losses: { every: 0, values: [] } },
      'losses.every: expected a whole number from 1 to 1099511627776, got 0'
    ]
  ])('is refused with %s', async (_, change, fault) => {
    const reading = readChanged(change)
    await expect(reading).rejects.toThrow(CheckpointError)
    await expect(reading).rejects.toThrow(`was not written by this version of the package: progress.${fault}`)
  })
})

describe('a checkpoint that nothing could read', () => {
  const { options } = network
  it.each<[string, object, string]>([
    ['no network', { network: undefined }, 'network: expected an object, got undefined'],
    ['no options', { network: { ...network, options: undefined } }, 'network.options: expected an object'],
    [
      'incomplete options',
      { network: { ...network, options: { numClasses: 2 } } },
      'network.options.inChannels: expected 1 or 3, got undefined'
    ],
    [
      'too few classes',
      { network: { ...network, options: { ...options, numClasses: 0 } } },
      'network.options.numClasses: expected a whole number from 1'
    ],
    [
      'more names than classes',
      { network: { ...network, classes: ['a', 'b', 'c'] } },
      'network.classes: names 3, but network.options.numClasses is 2'
    ],
    [
      'no transforms',
      { network: { ...network, transforms: [] } },
      'network.transforms: expected an array of 1'
    ],
    [
      'an unknown model',
      { network: { ...network, model: 'cifar_resnet9' } },
      "network.model: unknown model 'cifar_resnet9'; did you mean"
    ],
    [
      'weights of other outputs',
      { tensors: new Map([['fc.bias', tensor([1, 2, 3])]]) },
      'tensors: fc.bias has 3 outputs, but network.options.numClasses is 2'
    ],
    ['no tensors', { tensors: {} }, 'tensors: expected'],
    ['half a run', { progress: { ...progress, steps: 'x' } }, 'progress.steps: expected']
  ])('is not written: %s', async (_, change, fault) => {
    const checkpoint = { network, progress, tensors, ...change } as never
    expect(() => encodeCheckpoint(checkpoint)).toThrow(`encodeCheckpoint: ${fault}`)
    await expect(writeCheckpoint('/nowhere/a.safetensors', checkpoint)).rejects.toThrow(
      `writeCheckpoint: ${fault}`
    )
  })
})
