// Networks and images small enough to train in tests, and bit-exact comparison of tensors.
import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Flatten,
  RandomGenerator,
  Linear,
  manualSeed,
  randn,
  ReLU,
  Sequential,
  Tensor,
  zeros,
  type StateDict
} from 'resnet-ts'

/** The number of classes. */
export const CLASSES = 3
const SIDE = 8
const PIXELS = SIDE * SIDE

/** Images and labels, in the form of a batch. */
export interface SmallBatch {
  readonly images: Tensor<'float32'>
  readonly labels: Int32Array
}

/** Noise with one of three bands brighter than the rest, which is the label. Shape: (count, 1, 8, 8). */
export function bands(count: number, seed: number, brightness = 2): SmallBatch {
  const images = randn([count, 1, SIDE, SIDE], { generator: new RandomGenerator(seed) })
  const labels = Int32Array.from({ length: count }, (_, i) => (i * 7 + seed) % CLASSES)
  labels.forEach((label, i) => {
    for (let at = 0; at < PIXELS; at++) {
      if (Math.floor(at / SIDE) % CLASSES === label) images.data[i * PIXELS + at] += brightness
    }
  })
  return { images, labels }
}

/** Several such batches, with different images. */
export function manyBands(batches: number, count: number, seed = 100): SmallBatch[] {
  return Array.from({ length: batches }, (_, i) => bands(count, seed + i))
}

/** Some of a batch's images. */
export function part({ images, labels }: SmallBatch, from: number, to: number): SmallBatch {
  return {
    images: new Tensor(images.data.slice(from * PIXELS, to * PIXELS), [to - from, 1, SIDE, SIDE], 'float32'),
    labels: labels.slice(from, to)
  }
}

/** The same batch with one pixel NaN. */
export function broken({ images, labels }: SmallBatch): SmallBatch {
  const data = images.data.slice()
  data[5] = NaN
  return { images: new Tensor(data, images.shape, 'float32'), labels }
}

/** Labels as class probabilities. Shape: (count) → (count, 3). */
export function oneHot(labels: Int32Array): Tensor<'float32'> {
  const shares = zeros([labels.length, CLASSES])
  labels.forEach((label, i) => (shares.data[i * CLASSES + label] = 1))
  return shares
}

/** One linear layer. */
export function linearNet(seed = 1): Sequential {
  manualSeed(seed)
  return new Sequential({ flat: new Flatten(), fc: new Linear(PIXELS, CLASSES) })
}

/** A convolution with normalisation and a linear layer; optionally with dropout between. */
export function convNet({ seed = 1, dropout = 0 } = {}): Sequential {
  manualSeed(seed)
  return new Sequential({
    conv: new Conv2d(1, 16, 3, { padding: 1, bias: false }),
    bn: new BatchNorm2d(16),
    relu: new ReLU(),
    flat: new Flatten(),
    drop: new Dropout(dropout),
    fc: new Linear(16 * PIXELS, CLASSES)
  })
}

/** Tensors as short strings that differ, but for chance, where a bit does; in pages too, where no hash answers at once. */
export function bitsOf(tensors: StateDict): Record<string, string> {
  return Object.fromEntries(
    Array.from(tensors, ([name, { dtype, shape, data }]) => {
      return [name, `${dtype}[${shape.join()}] ${checksum(data)}`]
    })
  )
}

/** FNV-1a over words and the bytes after them, twice with different factors: 64 bits. */
function checksum({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  const words = byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength >> 2) : []
  let [a, b] = [0x811c9dc5, 0x01000193]
  for (const part of [words, bytes.subarray(4 * words.length)]) {
    for (const value of part) {
      a = Math.imul(a ^ value, 0x01000193)
      b = Math.imul(b ^ value, 0x85ebca6b)
    }
  }
  return [a, b].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

/** The elements of a float32 tensor. */
export function floats(tensors: StateDict, name: string): Float32Array {
  const found = tensors.get(name)
  if (!(found?.data instanceof Float32Array)) throw new TypeError(`there are no floats named ${name}`)
  return found.data
}
