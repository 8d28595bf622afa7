import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImageError } from '../picture.js'
import { readImage, type ReadImageOptions } from './read-image.js'
import { FOLDER, golden, pixelsOf, type Pixels } from '../../../test/support/image-goldens.js'

const FILES = Object.entries(golden.files)

const load = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FOLDER, name)))
const only = ({ width, height, sha256 }: Pixels): Pixels => ({ width, height, sha256 })

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'images-'))
})
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true })
})

async function failure(source: string | Uint8Array, options?: ReadImageOptions): Promise<ImageError> {
  const error: unknown = await readImage(source, options).then(
    () => undefined,
    (caught: unknown) => caught
  )
  if (!(error instanceof ImageError)) throw new Error('it was not refused', { cause: error })
  expect(error.path).toBe(typeof source === 'string' ? source : 'the given bytes')
  expect(error.message).toBe(`${error.path}: ${error.fault}`)
  expect(error.fault).not.toMatch(/\n|vips|^.{200}/i)
  return error
}

describe('readImage', () => {
  it.each(FILES)('reads %s as Pillow does', async (name, expected) => {
    expect(pixelsOf(await readImage(join(FOLDER, name)))).toEqual(only(expected))
    const upright = await readImage(join(FOLDER, name), { exifOrientation: true })
    expect(pixelsOf(upright)).toEqual(only(expected.upright ?? expected))
  })

  it('has goldens that are turned and goldens that are not', () => {
    const turned = FILES.filter(([, { upright }]) => upright).map(([name]) => name)
    expect(turned.sort()).toEqual(
      ['2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.jpg', '6.png', '7.jpg', '8.jpg'].map(
        end => `orientation-${end}`
      )
    )
  })

  it('reads a path, a URL, a blob and bytes that lie anywhere in a buffer', async () => {
    const path = join(FOLDER, 'rgb.png')
    const padded = new Uint8Array(load('rgb.png').length + 3)
    padded.set(load('rgb.png'), 3)
    for (const source of [path, pathToFileURL(path), new Blob([readFileSync(path)]), padded.subarray(3)]) {
      expect(pixelsOf(await readImage(source))).toEqual(only(golden.files['rgb.png']))
    }
  })

  it('goes by what a file is and not by its name', async () => {
    const path = join(scratch, 'photograph.txt')
    await writeFile(path, load('rgb-420.jpg'))
    expect(pixelsOf(await readImage(path))).toEqual(only(golden.files['rgb-420.jpg']))
  })

  it('reads a large photograph', async () => {
    const background = { r: 10, g: 200, b: 90 }
    const bytes = await sharp({ create: { width: 6000, height: 4000, channels: 3, background } })
      .jpeg()
      .toBuffer()
    const { width, height, data } = await readImage(bytes)
    expect([width, height, data.length]).toEqual([6000, 4000, 72_000_000])
    expect(
      Math.max(...data.subarray(-3).map((byte, index) => Math.abs(byte - [10, 200, 90][index])))
    ).toBeLessThan(3)
  })
})

describe('readImage refuses', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /^is empty$/],
    ['text', 'hello', /^is not an image; JPEG, PNG, WebP and GIF are read$/],
    ['a TIFF', 'II*\0 more', /^is a TIFF image; JPEG, PNG/],
    ['a HEIC', '\0\0\0\x18ftypheic', /^is a HEIC image; /],
    ['an SVG', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', /^is an SVG drawing; /],
    ['a web page', '<!DOCTYPE html><title>404</title>', /^is a web page, not an image; /],
    ['only a signature', Uint8Array.of(0xff, 0xd8, 0xff), /^is truncated$/],
    [
      'a JPEG without a frame',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2),
      /^is corrupt: it has no frame header$/
    ]
  ])('%s', async (_, content, fault) => {
    const path = join(scratch, 'refused.jpg')
    await writeFile(path, content)
    expect((await failure(path)).fault).toMatch(fault)
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    expect((await failure(bytes)).fault).toMatch(fault)
  })

  it('a missing file and a folder', async () => {
    expect((await failure(join(scratch, 'missing.jpg'))).fault).toBe('no such file')
    expect((await failure(scratch)).fault).toBe('is a folder, not a file')
  })

  it.each([
    'rgb-420.jpg',
    'progressive.jpg',
    'rgb.png',
    'interlaced.png',
    'lossy.webp',
    'lossless.webp',
    'palette.gif'
  ])('%s where it is cut short', async name => {
    const bytes = load(name)
    for (const share of [0.3, 0.5, 0.8, 0.95]) {
      expect((await failure(bytes.subarray(0, bytes.length * share))).fault).toBe('is truncated')
    }
  })

  it('a JPEG that lacks its last byte, as Pillow does', async () => {
    const bytes = load('photo-500x375.jpg')
    expect((await failure(bytes.subarray(0, -1))).fault).toBe('is truncated')
  })

  it('a PNG with damaged data', async () => {
    const bytes = load('rgb.png')
    bytes[bytes.length >> 1] ^= 0x55
    expect((await failure(bytes)).fault).toMatch(/^is corrupt/)
  })

  it('more pixels than allowed, before it decodes', async () => {
    expect((await failure(load('rgb.png'), { maxPixels: 61 * 45 - 1 })).fault).toBe(
      'has 61 × 45 pixels, more than the 2744 allowed by maxPixels'
    )
    await expect(readImage(load('rgb.png'), { maxPixels: 61 * 45 })).resolves.toBeDefined()
    await expect(readImage(load('rgb.png'), { maxPixels: Infinity })).resolves.toBeDefined()
  })

  it('a bomb, without room for its pixels', async () => {
    const bomb = load('rgb.png')
    new DataView(bomb.buffer).setUint32(16, 100_000)
    new DataView(bomb.buffer).setUint32(20, 100_000)
    const before = process.memoryUsage().rss
    expect((await failure(bomb)).fault).toBe(
      'has 100000 × 100000 pixels, more than the 178956970 allowed by maxPixels'
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6)
  })

  it.each([
    [1, 2 ** 20 + 1],
    [2 ** 20 + 1, 1]
  ])('a side of a million pixels and more: %i × %i', async (width, height) => {
    const bytes = load('rgb.png')
    new DataView(bytes.buffer).setUint32(16, width)
    new DataView(bytes.buffer).setUint32(20, height)
    expect((await failure(bytes)).fault).toBe('has a side of 1048577 pixels, more than the 1048576 allowed')
  })

  it('more pixels than a real picture has in so few bytes, unless they are allowed', async () => {
    const bytes = load('rgb.png')
    new DataView(bytes.buffer).setUint32(16, 14_000)
    new DataView(bytes.buffer).setUint32(20, 10_000)
    expect((await failure(bytes)).fault).toBe(
      `has 14000 × 10000 pixels in ${bytes.length} bytes, as no real picture has; give maxPixels if you trust the file`
    )
    expect((await failure(bytes, { maxPixels: 1000 })).fault).toMatch(/more than the 1000 allowed/)
    expect((await failure(bytes, { maxPixels: 140e6 })).fault).toMatch(/^is (truncated|corrupt)/)
    const claimed = load('palette.gif')
    new DataView(claimed.buffer).setUint32(6, 0x0030_0030)
    expect((await failure(claimed)).fault).toMatch(/as no real picture has/)
  })

  it('an image without pixels', async () => {
    const bytes = load('rgb.png')
    bytes.fill(0, 16, 20)
    expect((await failure(bytes)).fault).toBe('is corrupt: its size is 0')
  })
})

describe('readImage on damaged files', () => {
  const seeds = FILES.filter(([name]) => !name.startsWith('photo')).map(([name]) => load(name))

  /** Whole pixels or an ImageError; nothing else, and no crash. */
  async function survives(bytes: Uint8Array): Promise<void> {
    try {
      const { width, height, data } = await readImage(bytes, { maxPixels: 1e6 })
      expect(data.length).toBe(width * height * 3)
    } catch (error) {
      if (!(error instanceof ImageError)) throw error
    }
  }

  it('survives changed bytes', async () => {
    const damage = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)),
      {
        minLength: 1,
        maxLength: 6
      }
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), damage, async (seed, changes) => {
        const bytes = seed.slice()
        for (const [place, byte] of changes) bytes[Math.floor(place * bytes.length)] = byte
        await survives(bytes)
      }),
      { numRuns: 400 }
    )
  })

  it('survives missing and repeated parts', async () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), place, place, async (seed, a, b) => {
        await survives(seed.slice(0, a * seed.length))
        await survives(Uint8Array.of(...seed.subarray(0, a * seed.length), ...seed.subarray(b * seed.length)))
      }),
      { numRuns: 200 }
    )
  })

  it('survives whatever follows a signature', async () => {
    const signature = fc
      .constantFrom(...seeds)
      .chain(seed => fc.nat(40).map(length => seed.slice(0, Math.max(12, length))))
    await fc.assert(
      fc.asyncProperty(signature, fc.uint8Array({ maxLength: 200 }), async (start, rest) => {
        await survives(Uint8Array.of(...start, ...rest))
      }),
      { numRuns: 200 }
    )
  })
})
