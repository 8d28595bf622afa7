// Data in a page: bundled digits, loaders with and without workers, datasets from files and URLs.
import { gzipSync } from 'fflate'
import { commands } from 'vitest/browser'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  cifar10,
  createLoader,
  DatasetError,
  imageFolder,
  mnist,
  readIdx,
  splitFolders,
  type Dataset,
  type LoadedBatch,
  type Loader,
  type LoaderOptions
} from 'resnet-ts/data'
import { resize, toTensor } from 'resnet-ts/images'
import { epochOfDigits } from './scenarios/data.js'
import { goldenAddress, served } from './served.js'

describe('createLoader', () => {
  it.each([0, 1, 2])(
    'makes the batches of Node out of the bundled digits, with %i workers',
    async workers => {
      const expected = await commands.epochInNode()
      expect(expected).toHaveLength(6)
      expect(await epochOfDigits(workers)).toEqual(expected)
    }
  )

  const relative = `${'../'.repeat(location.pathname.split('/').length)}test/goldens/images/rgb.png`
  const absolute = goldenAddress('images/rgb-420.jpg')

  async function sourcesOf(...more: (string | Blob)[]): Promise<Dataset> {
    const file = new File([await served(goldenAddress('images/grey.png'))], 'grey.png')
    const sources = [relative, absolute, file, ...more]
    return {
      length: sources.length,
      classes: ['some'],
      labels: new Int32Array(sources.length),
      channels: 3,
      source: index => ({ path: sources[index] })
    }
  }

  function open(dataset: Dataset, options: Partial<LoaderOptions>): Loader {
    const transforms = [resize([8, 8]), toTensor()]
    const loader = createLoader(dataset, { batchSize: 4, shuffle: false, transforms, ...options })
    onTestFinished(() => loader.dispose())
    return loader
  }

  async function firstBatch(loader: Loader): Promise<LoadedBatch> {
    for await (const batch of loader.epoch(0)) return batch
    throw new Error('the loader gave no batch')
  }

  it.each([0, 1])('reads URLs relative to the page, and files, with %i workers', async workers => {
    const loader = open(await sourcesOf(), { workers })
    const batch = await firstBatch(loader)
    expect(batch.images.shape).toEqual([3, 3, 8, 8])
    expect(batch.paths).toEqual([relative, absolute, 'grey.png'])
    expect(new Set(batch.images.data).size).toBeGreaterThan(100)
  })

  it.each([0, 1])('names an image that cannot be read, with %i workers', async workers => {
    const missing = '/faults/404/data/missing.png'
    const dataset = await sourcesOf(missing, new File(['no picture'], 'broken.png'))
    await expect(firstBatch(open(dataset, { workers }))).rejects.toThrow(
      `${missing}: cannot be fetched: the server answers with status 404`
    )
    const skipped: string[] = []
    const onSkip = (what: string, fault: string): number => skipped.push(`${what} ${fault}`)
    const loader = open(dataset, { workers, batchSize: 8, onCorrupt: 'skip', onSkip })
    const batch = await firstBatch(loader)
    expect(batch.images.shape).toEqual([3, 3, 8, 8])
    expect(skipped).toEqual([
      `${missing} cannot be fetched: the server answers with status 404`,
      'broken.png is not an image; JPEG, PNG, WebP and GIF are read'
    ])
  })
})

describe('datasets of files', () => {
  /** An IDX file as yann.lecun.com/exdb/mnist describes it. */
  function idx(...shape: number[]): Uint8Array<ArrayBuffer> {
    const header = new DataView(new ArrayBuffer(4 + 4 * shape.length))
    header.setUint32(0, 0x800 + shape.length)
    shape.forEach((size, i) => header.setUint32(4 + 4 * i, size))
    const size = shape.reduce((product, each) => product * each, 1)
    return Uint8Array.of(...new Uint8Array(header.buffer), ...Array.from({ length: size }, (_, i) => i % 10))
  }
  const pixels = new File([gzipSync(idx(4, 3, 3))], 't10k-images-idx3-ubyte.gz')
  const labels = new File([idx(4)], 't10k-labels-idx1-ubyte')

  it('reads IDX, compressed or not, from a file and by URL', async () => {
    expect(await readIdx(labels)).toEqual({ shape: [4], data: Uint8Array.of(0, 1, 2, 3) })
    expect((await readIdx(pixels)).shape).toEqual([4, 3, 3])
    const address = URL.createObjectURL(pixels)
    onTestFinished(() => URL.revokeObjectURL(address))
    expect((await readIdx(address)).shape).toEqual([4, 3, 3])
    await expect(readIdx('/test/browser')).rejects.toThrow(DatasetError)
  })

  it('reads MNIST and CIFAR from the files that a user picks, in any order', async () => {
    const digits = await mnist([labels, pixels], { train: false })
    expect([digits.length, Array.from(digits.labels)]).toEqual([4, [0, 1, 2, 3]])
    expect(digits.source(1)).toMatchObject({ picture: { width: 3, height: 3, channels: 1 } })
    const record = Uint8Array.from({ length: 1 + 3 * 32 * 32 }, (_, i) => (i === 0 ? 7 : i % 256))
    const names = new File([Array.from('abcdefghij').join('\n')], 'batches.meta.txt')
    const test = await cifar10([names, new File([record], 'test_batch.bin')], { train: false })
    expect([test.length, test.labels[0], test.classes[7]]).toEqual([1, 7, 'h'])
  })

  it('names what is missing', async () => {
    await expect(mnist([labels], { train: false })).rejects.toThrow(
      'the given files: needs t10k-images-idx3-ubyte (is not among the given files) or ' +
        't10k-images-idx3-ubyte.gz (is not among the given files)'
    )
    await expect(cifar10([], { train: true })).rejects.toThrow(
      'batches.meta.txt: is not among the given files'
    )
    await expect(mnist('/faults/404/mnist', { train: true })).rejects.toThrow(
      /^\/faults\/404\/mnist: needs train-images-idx3-ubyte \(cannot be fetched: the server answers with status 404\) or /
    )
  })

  it.each([imageFolder, splitFolders])('reports that a page has no folders', async read => {
    await expect(read('flowers')).rejects.toThrow(
      'flowers: a page cannot list folders, so this works in Node alone; give it single files'
    )
  })
})
