// Loaders for tests, disposed of automatically, and bit-exact comparison of batches.
import { createLoader, Tensor, type Dataset, type Loader } from 'resnet-ts'
import type { LoadedBatch, LoaderOptions } from 'resnet-ts/data'

/** Runs a function with a loader, and disposes of the loader afterwards. */
export async function withLoader<R>(
  dataset: Dataset,
  options: LoaderOptions,
  use: (loader: Loader) => Promise<R>
): Promise<R> {
  const loader = createLoader(dataset, options)
  try {
    return await use(loader)
  } finally {
    await loader.dispose()
  }
}

/** All batches. */
export async function listed(batches: AsyncIterable<LoadedBatch>): Promise<LoadedBatch[]> {
  const list: LoadedBatch[] = []
  for await (const batch of batches) list.push(batch)
  return list
}

/** A representation of a batch that is equal only if every bit is. */
export function bits({ images, labels, paths, indices }: LoadedBatch): unknown {
  const { buffer, byteOffset, byteLength } = images.data
  return {
    shape: images.shape.join(),
    images: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
    labels: Array.from(labels instanceof Tensor ? labels.data : labels).join(),
    paths,
    indices: indices.join()
  }
}

/** The representations of an epoch's batches. */
export async function epochBits(loader: Loader, index: number, from = 0): Promise<unknown[]> {
  return (await listed(loader.epoch(index, { from }))).map(bits)
}
