// Checkpoints whose bits have changed on a disk or on the way.
import { expect, it } from 'vitest'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { tensor } from '../../tensor/tensor.js'
import { readWeights } from '../../weights/read-weights.js'
import { encodeWeights } from '../../weights/write-weights.js'
import { ResnetError } from '../../base/errors.js'
import { startOfEpoch } from '../position.js'
import { encodeCheckpoint, readCheckpoint } from './checkpoint.js'

const FLIPS = 2000

const network: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 2, inChannels: 1, residual: true },
  classes: ['no', 'yes'],
  transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
}
const figures = { loss: 1, accuracy: 0.5 }
const epoch = { epoch: 1, step: 3, learningRate: 0.1, train: figures, seconds: 1, imagesPerSecond: 1 }
const progress = {
  settings: { data: 'digits', lr: '0.1' },
  position: startOfEpoch(1),
  steps: 3,
  batches: 3,
  epochs: [epoch],
  best: { epoch: 1, accuracy: 0.5 },
  losses: { every: 1, values: [3, 2, 1] }
}
const tensors = new Map([['fc.weight', tensor(Array.from({ length: 500 }, (_, i) => Math.sin(i)))]])

it(`with one bit changed are refused, ${FLIPS} of ${FLIPS}`, async () => {
  const bytes = encodeCheckpoint({ network, progress, tensors })
  expect((await readCheckpoint(new Blob([bytes]))).progress?.steps).toBe(3)
  const generator = new RandomGenerator(17)
  const bits = Array.from(generator.uniform(FLIPS), share => Math.floor(share * 8 * bytes.length))
  const others: [bit: number, read: unknown][] = []
  for (const [i, bit] of bits.entries()) {
    const flipped = bytes.slice()
    flipped[bit >> 3] ^= 1 << (bit & 7)
    // Blobs are read slowly, and differ in nothing else.
    const reading = i % 20 === 0 ? readCheckpoint(new Blob([flipped])) : readWeights(flipped)
    const outcome: unknown = await reading.catch((error: unknown) => error)
    if (!(outcome instanceof ResnetError)) others.push([bit, outcome])
  }
  expect(others).toEqual([])
})

it('without a digest, as older versions wrote them, are read', async () => {
  const about = { version: 1, network, progress: undefined }
  const metadata = { format: 'pt', 'resnet-ts': JSON.stringify(about) }
  const read = await readCheckpoint(new Blob([encodeWeights(tensors, { metadata })]))
  expect(read.network).toEqual(network)
})
