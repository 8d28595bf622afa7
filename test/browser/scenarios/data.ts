// Data to compare between a browser and Node: an epoch of augmented digits.
import {
  createLoader,
  digits,
  randomCrop,
  randomHorizontalFlip,
  randomSplit,
  toTensor,
  Tensor
} from 'resnet-ts'
import { sha256 } from '../served.js'

/** The hash of each batch's pixels, and its labels. */
export async function epochOfDigits(workers: number): Promise<string[]> {
  const { train } = randomSplit(await digits(), 0.2, 7)
  const transforms = [randomCrop(8, { padding: 2 }), randomHorizontalFlip(0.5), toTensor()]
  const loader = createLoader(train, { batchSize: 256, transforms, workers, seed: 5 })
  const batches: string[] = []
  for await (const { images, labels } of loader) {
    const named = labels instanceof Tensor ? [] : Array.from(labels)
    batches.push(`${String(images)} ${await sha256(bytesOf(images))} ${named.join('')}`)
  }
  await loader.dispose()
  return batches
}

function bytesOf({ data }: Tensor<'float32'>): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
