// Checkpoints: their metadata changed as data, and their bytes changed under the digest.
import { isDeepStrictEqual } from 'node:util'
import { cifar_resnet8 } from '../../../src/models/resnet/cifar-resnet.js'
import { METADATA_KEY, type CheckpointNetwork } from '../../../src/networks/checkpoint.js'
import { openNetwork } from '../../../src/networks/open-network.js'
import { manualSeed } from '../../../src/tensor/random/random.js'
import { tensor } from '../../../src/tensor/tensor.js'
import { startOfEpoch } from '../../../src/train/position.js'
import {
  encodeCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type RunProgress
} from '../../../src/train/record/checkpoint.js'
import { encodeWeights } from '../../../src/weights/write-weights.js'
import { format, type Format } from '../format.js'
import { mutatedBytes } from '../mutate-bytes.js'
import { asJson, mutatedData, type Data } from '../mutate-json.js'
import { PIPELINES } from './data.js'

export const NETWORK: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 3, inChannels: 3, residual: true, skip: 'shortcut-gate', gateBias: -2 },
  classes: ['cat', 'dog', 'ü'],
  transforms: PIPELINES[0] as unknown as CheckpointNetwork['transforms'],
  data: { path: 'digits', images: 1797, holdBack: 0.2, seed: 0 }
}

export const PROGRESS: RunProgress = {
  settings: {
    data: 'digits',
    images: '1797',
    epochs: '3',
    schedule: 'cosine',
    lr: '0.1',
    model: 'cifar_resnet8'
  },
  position: { ...startOfEpoch(1), batch: 2, images: 64, loss: 0.5, gradientNorms: { 'fc.weight': 1.5 } },
  steps: 12,
  batches: 12,
  epochs: [
    {
      epoch: 1,
      step: 10,
      learningRate: 0.1,
      train: { loss: 1.5, accuracy: 0.5 },
      validation: { loss: 1.25, accuracy: NaN },
      seconds: 3,
      imagesPerSecond: 100,
      gradientNorms: { 'conv1.weight': 0.25 }
    }
  ],
  best: { epoch: 1, accuracy: 0.5 },
  losses: { every: 1, values: [2, 1.5, 1] }
}

/** What a checkpoint's metadata says, as it is written. */
export function aboutOf(bytes: Uint8Array): Readonly<Record<string, Data>> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as {
    readonly __metadata__: Readonly<Record<string, string>>
  }
  return JSON.parse(header.__metadata__[METADATA_KEY]) as Readonly<Record<string, Data>>
}

const metadata = format('checkpoint-metadata', async () => {
  manualSeed(0)
  const own = cifar_resnet8({ numClasses: 3, skip: 'shortcut-gate' }).stateDict()
  const foreign = new Map([
    ['constructor', tensor([1])],
    ['__proto__', tensor([2])]
  ])
  const about = aboutOf(encodeCheckpoint({ network: NETWORK, progress: PROGRESS, tensors: own }))
  return {
    draw: random => ({
      json: asJson(mutatedData(about, random), random),
      isOwn: random.oneIn(16),
      isOpened: random.oneIn(16)
    }),
    async read({ json, isOwn, isOpened }) {
      const bytes = encodeWeights(isOwn && isOpened ? own : foreign, {
        metadata: { format: 'pt', [METADATA_KEY]: json }
      })
      await readCheckpoint(bytes)
      if (!isOpened) return
      const { prepare } = await openNetwork(bytes)
      prepare({ width: 5, height: 4, channels: 3, data: new Uint8Array(60) })
    }
  }
})

/** Everything of a checkpoint, as values that can be compared. */
function content({ network, progress, tensors }: Checkpoint): unknown {
  return {
    network,
    progress: structuredClone(progress),
    tensors: Array.from(tensors, ([name, { shape, dtype, data }]) => [name, [...shape], dtype, data])
  }
}

const digested = format('checkpoint-digest', async () => {
  const tensors = new Map([
    ['fc.weight', tensor([1, 2, 3, 4, 5, 6], [3, 2])],
    ['fc.bias', tensor([0.5, 0.25, 0.125])]
  ])
  const bytes = encodeCheckpoint({ network: NETWORK, progress: PROGRESS, tensors })
  const written = content(await readCheckpoint(bytes))
  return {
    draw: random =>
      random.oneIn(2) ? mutatedBytes(bytes, random) : flipped(bytes, random.below(bytes.length * 8)),
    async read(changed) {
      const found = content(await readCheckpoint(changed))
      return isDeepStrictEqual(found, written) ? undefined : 'changed'
    }
  }
})

function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes)
  copy[bit >> 3] ^= 1 << (bit & 7)
  return copy
}

export const CHECKPOINTS: readonly Format[] = [metadata, digested]
