// The checkpoint of a run that is longer than any in practice: what is written can be read, and so resumed.
import { expect, it } from 'vitest'
import { encodeCheckpoint, readCheckpoint, startOfEpoch, type EpochRecord } from 'resnet-ts/train'
import { tensor } from 'resnet-ts'

const EPOCHS = 5000
/** As many as resnet152 has, under the longest of its names. */
const LAYERS = 156

it('holds 5,000 epochs with the gradients of the largest network', async () => {
  const epochs = Array.from({ length: EPOCHS }, (_, at): EpochRecord => {
    const value = (at + 1) / 700_001
    const norms = Array.from({ length: LAYERS }, (__, layer) => [
      `layer3.${layer + 100}.conv3.weight`,
      value + layer / 3_000_017
    ])
    return {
      epoch: at + 1,
      step: 5005 * (at + 1),
      learningRate: value,
      train: { loss: value, accuracy: value },
      validation: { loss: value, accuracy: value },
      seconds: value,
      imagesPerSecond: value,
      gradientNorms: Object.fromEntries(norms) as Record<string, number>
    }
  })
  const bytes = encodeCheckpoint({
    network: {
      model: 'cifar_resnet8',
      options: { numClasses: 2, inChannels: 1, residual: true },
      classes: ['no', 'yes'],
      transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
    },
    progress: {
      settings: {},
      position: startOfEpoch(EPOCHS),
      steps: 5005 * EPOCHS,
      batches: 5005 * EPOCHS,
      epochs,
      best: { epoch: 1, accuracy: 0.5 },
      losses: { every: 1, values: [0.5] }
    },
    tensors: new Map([['weight', tensor([1])]])
  })
  const read = (await readCheckpoint(bytes)).progress?.epochs ?? []
  expect(read.length).toBe(EPOCHS)
  expect(JSON.stringify(read.at(-1))).toBe(JSON.stringify(epochs.at(-1)))
})
