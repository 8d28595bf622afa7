// The checkpoint of a run that is longer than any in practice: it is written, read, and so resumed.
import { expect, it } from 'vitest'
import {
  encodeCheckpoint,
  readCheckpoint,
  startOfEpoch,
  type Checkpoint,
  type EpochRecord
} from 'resnet-ts/train'
import { tensor } from 'resnet-ts'

/** As many as resnet152 has, under the longest of its names. */
const LAYERS = 156

function runOf(length: number): Checkpoint {
  const epochs = Array.from({ length }, (_, at): EpochRecord => {
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
  return {
    network: {
      model: 'cifar_resnet8',
      options: { numClasses: 2, inChannels: 1, residual: true },
      classes: ['no', 'yes'],
      transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
    },
    progress: {
      settings: {},
      position: startOfEpoch(length),
      steps: 5005 * length,
      batches: 5005 * length,
      epochs,
      best: { epoch: 1, accuracy: 0.5 },
      losses: { every: 1, values: [0.5] }
    },
    tensors: new Map([['weight', tensor([1])]])
  }
}

it('holds every epoch of 12,000, and of every second its gradients', async () => {
  const run = runOf(12_000)
  const epochs = (await readCheckpoint(encodeCheckpoint(run))).progress?.epochs ?? []
  expect(epochs).toHaveLength(12_000)
  expect(epochs.filter(({ gradientNorms }) => gradientNorms)).toHaveLength(6001)
  expect(JSON.stringify(epochs.at(-1))).toBe(JSON.stringify(run.progress?.epochs.at(-1)))
})
