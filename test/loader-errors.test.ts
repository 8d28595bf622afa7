// A loader whose images cannot be read or stacked, and an epoch that is left before its end.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  createLoader,
  DatasetError,
  digits,
  imageFolder,
  subset,
  type Dataset,
  type LoaderOptions
} from 'resnet-ts/data'
import { centerCrop, ImageError, mixup, randomCrop, randomHorizontalFlip, toTensor } from 'resnet-ts/images'
import { FOLDER } from './support/image-goldens.js'
import { bits, epochBits, listed, withLoader } from './support/loading.js'

let root = ''
let hundred: Dataset

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'resnet-loader-'))
  hundred = subset(
    await digits(),
    Array.from({ length: 100 }, (_, i) => 3 * i)
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

const PLAIN = [toTensor()]
const SHIFTED = [randomCrop(8, { padding: 2 }), randomHorizontalFlip(), toTensor()]

/** A folder of one class with the given files. */
const folderOf = async (files: Readonly<Record<string, Uint8Array | string>>): Promise<[Dataset, string]> => {
  const folder = await mkdtemp(join(root, 'files-'))
  await mkdir(join(folder, 'a'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, 'a', name), content)
  return [await imageFolder(folder), join(folder, 'a')]
}

describe('unreadable images', () => {
  const damaged = async (): Promise<{ dataset: Dataset; paths: string[] }> => {
    const jpeg = await readFile(join(FOLDER, 'rgb-444.jpg'))
    const [dataset, folder] = await folderOf({
      '0.jpg': jpeg,
      '1.jpg': jpeg,
      '2.jpg': jpeg,
      '3.jpg': jpeg.subarray(0, 300),
      '4.png': 'no picture',
      '5.jpg': jpeg,
      '6.jpg': ''
    })
    return { dataset, paths: ['3.jpg', '4.png', '6.jpg'].map(name => join(folder, name)) }
  }
  const options = { batchSize: 2, transforms: [centerCrop(8), toTensor()], shuffle: false } as const

  it.each([0, 2])('end the epoch with an error that names them, with %d threads', async workers => {
    const { dataset, paths } = await damaged()
    await withLoader(dataset, { ...options, workers }, async loader => {
      const given: number[] = []
      const reading = (async () => {
        for await (const { indices } of loader) given.push(...indices)
      })()
      await expect(reading).rejects.toBeInstanceOf(DatasetError)
      await expect(reading).rejects.toMatchObject({ path: paths[0] })
      await expect(reading).rejects.toThrow(`${paths[0]}: `)
      expect(given).toEqual([0, 1])
      // Other images can still be loaded.
      expect(await listed(loader.epoch(0, { from: 3 })).catch(String)).toContain(paths[2])
    })
  })

  it.each([0, 2])('are skipped and reported on request, with %d threads', async workers => {
    const { dataset, paths } = await damaged()
    const onSkip = vi.fn<(what: string, fault: string) => void>()
    await withLoader(dataset, { ...options, workers, onCorrupt: 'skip', onSkip }, async loader => {
      const batches = await listed(loader)
      expect(batches.map(({ indices }) => Array.from(indices))).toEqual([[0, 1], [2], [5]])
      expect(batches.map(({ images }) => images.shape[0])).toEqual([2, 1, 1])
      // All others are the same image.
      const [first, second, third] = batches.map(({ images }) => images.data)
      expect(first).toEqual(Float32Array.from([...second, ...third]))
      expect(second.some(value => value > 0)).toBe(true)
      expect(onSkip.mock.calls.map(([path]) => path)).toEqual(paths)
      for (const [path, fault] of onSkip.mock.calls) {
        expect(fault).not.toBe('')
        expect(fault).not.toContain(path)
      }
      expect(loader.skipped).toBe(3)
    })
  })

  it.each([0, 1])('are named if their size differs from the others, with %d threads', async workers => {
    const read = (name: string): Promise<Uint8Array> => readFile(join(FOLDER, name))
    const [dataset, folder] = await folderOf({
      'a.jpg': await read('odd-17x9.jpg'),
      'b.jpg': await read('odd-17x9.jpg'),
      'c.png': await read('one-pixel.png'),
      'd.png': await read('wide-100x3.png')
    })
    await withLoader(dataset, { batchSize: 4, transforms: PLAIN, workers, shuffle: false }, async loader => {
      const reading = listed(loader)
      await expect(reading).rejects.toBeInstanceOf(DatasetError)
      await expect(reading).rejects.toThrow(
        `${join(folder, 'c.png')}: is [3, 1, 1] and others of its batch are [3, 9, 17]; let a crop`
      )
    })
  })
})

describe('an epoch that is left early', () => {
  it.each([0, 2])('ends when aborted, and the loader stays usable, with %d threads', async workers => {
    await withLoader(hundred, { batchSize: 10, transforms: SHIFTED, workers }, async loader => {
      const expected = await epochBits(loader, 0)
      const stopping = new AbortController()
      const given: unknown[] = []
      for await (const batch of loader.epoch(0, { signal: stopping.signal })) {
        given.push(bits(batch))
        if (given.length === 3) stopping.abort()
      }
      expect(given).toEqual(expected.slice(0, 3))
      expect(await listed(loader.epoch(0, { signal: stopping.signal }))).toEqual([])
      for await (const batch of loader.epoch(0)) {
        expect(bits(batch)).toEqual(expected[0])
        break
      }
      expect(await epochBits(loader, 0)).toEqual(expected)
    })
  })

  it('by disposing of the loader throws; the next epoch starts new threads', async () => {
    await withLoader(hundred, { batchSize: 10, transforms: SHIFTED, workers: 2 }, async loader => {
      const expected = await epochBits(loader, 0)
      const reading = (async () => {
        for await (const _ of loader.epoch(0)) await loader.dispose()
      })()
      await expect(reading).rejects.toThrow('disposed')
      expect(await epochBits(loader, 0)).toEqual(expected)
    })
  })

  it.each([
    ['a break', 'for await (const _ of loader) break'],
    ['a signal', 'for await (const _ of loader.epoch(0, { signal: stop.signal })) stop.abort()'],
    ['a batch that is waited for by nobody', 'void loader.epoch(0).next()'],
    ['nothing', 'for await (const _ of loader);']
  ])('by %s does not keep the process alive', async (_, loop) => {
    const code = `
      import { createLoader, digits, toTensor } from 'resnet-ts'
      const loader = createLoader(await digits(), { batchSize: 64, transforms: [toTensor()], workers: 2, prefetch: 3 })
      const stop = new AbortController()
      ${loop}
      console.log('done')
    `
    const flags = ['--input-type=module', '-e', code]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, flags, { timeout: 10_000 })
    expect({ stdout, stderr }).toEqual({ stdout: 'done\n', stderr: '' })
  })
})

describe('the script of the threads', () => {
  const options = { batchSize: 10, transforms: SHIFTED }

  it('may be named, by path or address', async () => {
    const address = import.meta.resolve('resnet-ts/loader-worker')
    const expected = await withLoader(hundred, options, loader => epochBits(loader, 0))
    for (const worker of [address, new URL(address), fileURLToPath(address)])
      expect(await withLoader(hundred, { ...options, worker }, loader => epochBits(loader, 0))).toEqual(
        expected
      )
  })

  it('is named by the error, with the remedies, if there is none', async () => {
    const worker = join(root, 'no-worker.js')
    await withLoader(hundred, { ...options, worker }, async loader => {
      await expect(listed(loader)).rejects.toThrow(
        /a worker thread cannot start: .*no-worker\.js.*createLoader\(…, \{ worker \}\), or .*\{ workers: 0 \} \(docs\/deploy\.md\)/
      )
    })
  })
})

describe('createLoader', () => {
  it("refuses a data set of one's own without a label for each sample", () => {
    const options = { batchSize: 2, transforms: PLAIN, workers: 0 }
    const short = { ...hundred, labels: hundred.labels.slice(1) }
    expect(() => createLoader(short, options)).toThrow(
      'createLoader: the data set has 100 samples, but 99 labels'
    )
    expect(() => createLoader(short, options)).toThrow(DatasetError)
    const files = 'flowers' as unknown as Dataset
    expect(() => createLoader(files, options)).toThrow("createLoader: expected a data set, got 'flowers'")
  })

  it('refuses invalid options immediately', () => {
    const make = (options: Partial<LoaderOptions>, dataset = hundred): unknown =>
      createLoader(dataset, { batchSize: 4, transforms: PLAIN, ...options })
    expect(() => make({ batchSize: 0 })).toThrow(DatasetError)
    expect(() => make({ batchSize: 2.5 })).toThrow(
      'batchSize: expected a whole number of at least 1, got 2.5'
    )
    expect(() => make({ workers: -1 })).toThrow('workers: expected a whole number from 0 to 256')
    expect(() => make({ seed: 0.5 })).toThrow('seed')
    expect(() => make({}, subset(hundred, []))).toThrow('there are no samples')
    expect(() => make({ batchSize: 101, dropLast: true })).toThrow('fewer than a batch of 101')
    const noMix = { mix: mixup() } as unknown as LoaderOptions
    expect(() => make(noMix)).toThrow(
      'mix: expected an array, each a step made by mixup or cutmix, got an object'
    )
    expect(() => createLoader(hundred, { batchSize: 8 } as LoaderOptions)).toThrow(
      'createLoader: transforms: expected an array, each a step, such as toTensor(), got undefined'
    )
    expect(() => make({ transforms: [{ name: 'evil' }] } as unknown as LoaderOptions)).toThrow(
      "createLoader: transforms[0].name: unknown step 'evil'"
    )
    for (const workers of [0, 2]) {
      expect(() => make({ transforms: [toTensor(), randomHorizontalFlip()], workers })).toThrow(ImageError)
    }
  })
})
