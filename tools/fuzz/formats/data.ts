// Data sets in files, and preparations of pictures as data.
import { readFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { cifar10 } from '../../../src/data/cifar.js'
import { readIdx } from '../../../src/data/idx.js'
import { readPipeline } from '../../../src/images/pipeline/pipeline.js'
import type { Picture } from '../../../src/images/picture.js'
import { RandomGenerator } from '../../../src/tensor/random/generator.js'
import { format, type Format } from '../format.js'
import { mutatedBytes } from '../mutate-bytes.js'
import { asJson, mutatedData, type Data } from '../mutate-json.js'
import type { Random } from '../random.js'

const ROWS = 8
const idx = format('idx', async () => {
  const packed = new Uint8Array(await readFile(new URL('../../../assets/digits.idx.gz', import.meta.url)))
  const whole = new Uint8Array(gunzipSync(packed))
  // Its first rows.
  const small = whole.slice(0, 12 + ROWS * new DataView(whole.buffer, whole.byteOffset).getUint32(8))
  new DataView(small.buffer).setUint32(4, ROWS)
  const files = [small, new Uint8Array(gzipSync(small))]
  return {
    draw(random) {
      if (random.oneIn(3)) return new Uint8Array(gzipSync(mutatedBytes(small, random), { level: 1 }))
      return mutatedBytes(random.pick(files), random, files)
    },
    read: bytes => readIdx(new Blob([bytes]))
  }
})

const RECORD = 3073
const cifar = format('cifar', async () => {
  const records = Uint8Array.from({ length: 3 * RECORD }, (_, i) => (i % RECORD === 0 ? 7 : i % 251))
  const names = new TextEncoder().encode('a b c d e f g h i j'.replaceAll(' ', '\n'))
  return {
    draw(random: Random): readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
      const isNames = random.oneIn(3)
      return [
        isNames ? new Uint8Array(records) : mutatedBytes(records, random),
        isNames ? mutatedBytes(names, random) : names
      ]
    },
    async read([batch, classes]) {
      const folder = [new File([batch], 'test_batch.bin'), new File([classes], 'batches.meta.txt')]
      await cifar10(folder, { train: false })
    }
  }
})

const SIZE = { width: 8, height: 8 }
/** Pipelines with every step and option. */
export const PIPELINES: readonly Data[] = [
  [
    { name: 'rgb' },
    { name: 'resize', size: 9 },
    { name: 'centerCrop', size: SIZE },
    { name: 'toTensor', mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.2], channelOrder: 'bgr' }
  ],
  [
    { name: 'grayscale', numOutputChannels: 3 },
    { name: 'resize', size: SIZE },
    {
      name: 'randomCrop',
      size: SIZE,
      padding: { left: 1, top: 1, right: 2, bottom: 2 },
      padIfNeeded: true,
      fill: [1, 2, 3]
    },
    { name: 'randomHorizontalFlip', p: 0.5 },
    { name: 'toTensor', mean: [0], std: [1] },
    { name: 'randomErasing', p: 1, scale: [0.1, 0.3], ratio: [0.3, 3.3], value: 'random' }
  ],
  [
    { name: 'randomResizedCrop', size: SIZE, scale: [0.1, 1], ratio: [0.75, 1.33] },
    { name: 'randomVerticalFlip', p: 1 },
    {
      name: 'colorJitter',
      brightness: [0.5, 1.5],
      contrast: [0.5, 1.5],
      saturation: [0.5, 1.5],
      hue: [-0.1, 0.1]
    },
    { name: 'randAugment', numOps: 2, magnitude: 9, numMagnitudeBins: 31, interpolation: 'bilinear' },
    { name: 'toTensor', mean: [0.5], std: [0.25] }
  ]
]

const pipeline = format('pipeline', async () => {
  const pictures: readonly Picture[] = [
    { width: 7, height: 5, channels: 3, data: new Uint8Array(105).map((_, i) => i) },
    { width: 1, height: 30, channels: 1, data: new Uint8Array(30) }
  ]
  return {
    draw: random => ({
      json: asJson(mutatedData(random.pick(PIPELINES), random), random),
      picture: random.pick(pictures)
    }),
    async read({ json, picture }) {
      readPipeline(parsed(json))(picture, new RandomGenerator(1))
    }
  }
})

/** What a caller of `readPipeline` has parsed: text that is no JSON never reaches it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

export const DATA: readonly Format[] = [idx, cifar, pipeline]
