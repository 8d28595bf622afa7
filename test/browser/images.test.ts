// Images in a page: pixels equal Pillow's, errors equal Node's.
import { commands } from 'vitest/browser'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ImageError, readImage, type Picture, type ReadImageOptions } from 'resnet-ts/images'
import { rgbaPng } from './rgba-png.js'
import { golden, goldenAddress, served, sha256 } from './served.js'

interface Pixels {
  readonly width: number
  readonly height: number
  readonly sha256: string
}

const { files } = await golden<{
  files: Readonly<Record<string, Pixels & { readonly upright?: Pixels }>>
}>('images/expected.json')
const addressOf = (name: string): string => goldenAddress(`images/${name}`)
const load = (name: string): Promise<Uint8Array<ArrayBuffer>> => served(addressOf(name))

// Chromium converts CMYK differently: by one level at most.
const INKS = ['cmyk.jpg', 'cmyk-without-adobe.jpg', 'ycck.jpg']

async function pixelsOf({ width, height, data }: Picture): Promise<Pixels> {
  return { width, height, sha256: await sha256(data) }
}

const only = ({ width, height, sha256 }: Pixels): Pixels => ({ width, height, sha256 })

describe('readImage', () => {
  it.each(Object.entries(files).filter(([name]) => !INKS.includes(name)))(
    'reads %s as Pillow does',
    async (name, expected) => {
      expect(await pixelsOf(await readImage(addressOf(name)))).toEqual(only(expected))
      const upright = await readImage(addressOf(name), { exifOrientation: true })
      expect(await pixelsOf(upright)).toEqual(only(expected.upright ?? expected))
    }
  )

  it('reads a File, a Blob, URLs of every kind, and bytes at any offset of a buffer', async () => {
    const bytes = await load('rgb.png')
    const padded = new Uint8Array(bytes.length + 3)
    padded.set(bytes, 3)
    const address = new URL(addressOf('rgb.png'), location.href)
    const relative = `${'../'.repeat(location.pathname.split('/').length)}test/goldens/images/rgb.png`
    for (const source of [
      new File([bytes], 'dog.jpg'),
      new Blob([bytes]),
      URL.createObjectURL(new Blob([bytes])),
      address,
      address.href,
      relative,
      padded.subarray(3)
    ]) {
      expect(await pixelsOf(await readImage(source))).toEqual(only(files['rgb.png']))
    }
  })
})

describe('readImage differs from Node', () => {
  it.each(INKS)('by one level at most in CMYK: %s', async name => {
    const found = await readImage(addressOf(name))
    const expected = decodeBase64(await commands.pixelsInNode(`test/goldens/images/${name}`))
    expect(found.data.length).toBe(expected.length)
    expect(Math.max(...found.data.map((level, i) => Math.abs(level - expected[i])))).toBe(1)
  })

  it('in translucent pixels and 16-bit grey only if the page has no WebGL', async () => {
    const original = OffscreenCanvas.prototype.getContext
    const asked = vi.spyOn(OffscreenCanvas.prototype, 'getContext')
    asked.mockImplementation(function (this: OffscreenCanvas, ...args: [string, object?]) {
      return args[0] === 'webgl2' ? null : (Reflect.apply(original, this, args) as RenderingContext | null)
    } as typeof original)
    onTestFinished(() => asked.mockRestore())
    for (const name of ['rgb-420.jpg', 'rgb.png', 'rgb-16-bit.png', 'lossy.webp', 'palette.gif'])
      expect(await pixelsOf(await readImage(addressOf(name)))).toEqual(only(files[name]))
    for (const name of ['rgba.png', 'lossy-alpha.webp', 'grey-16-bit.png']) {
      const { width, height, data } = await readImage(addressOf(name))
      expect([width, height, data.length]).toEqual([61, 45, 61 * 45 * 3])
    }
    expect(asked).toHaveBeenCalledWith('webgl2')
  })
})

describe('readImage on large images', () => {
  it('reads a photograph', async () => {
    const canvas = new OffscreenCanvas(6000, 4000)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.fillStyle = 'rgb(10 200 90)'
    context.fillRect(0, 0, 6000, 4000)
    const { width, height, data } = await readImage(await canvas.convertToBlob({ type: 'image/jpeg' }))
    expect([width, height, data.length]).toEqual([6000, 4000, 72_000_000])
    const last = Array.from(data.subarray(-3), (level, i) => Math.abs(level - [10, 200, 90][i]))
    expect(Math.max(...last)).toBeLessThan(3)
  })

  // Larger than the maximal WebGL texture.
  it.each([
    [20_000, 3],
    [3, 20_000]
  ])('reads translucent pixels exactly at %i × %i', async (width, height) => {
    const expected = new Uint8Array(width * height * 3)
    const data = new Uint8Array(width * height * 4)
    for (let i = 0; i < width * height; i++) {
      const pixel = [i % 251, (i >> 3) % 256, (i * 7) % 256]
      expected.set(pixel, 3 * i)
      data.set([...pixel, i % 256], 4 * i)
    }
    const found = await readImage(rgbaPng(width, height, data))
    expect([found.width, found.height]).toEqual([width, height])
    expect(await sha256(found.data)).toBe(await sha256(expected))
  })
})

describe('readImage refuses', () => {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content)

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', text(''), /^is empty$/],
    ['text', text('hello'), /^is not an image; JPEG, PNG, WebP and GIF are read$/],
    ['a HEIC', text('\0\0\0\x18ftypheic'), /^is a HEIC image; /],
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), /^is an SVG drawing; /],
    ['only a signature', Uint8Array.of(0xff, 0xd8, 0xff), /^is truncated$/]
  ])('%s', async (_, content, fault) => {
    const error = await failure(new File([new Uint8Array(content)], 'dog.jpg'))
    expect(error.path).toBe('dog.jpg')
    expect(error.fault).toMatch(fault)
  })

  it.each([
    'rgb-420.jpg',
    'progressive.jpg',
    'rgb.png',
    'interlaced.png',
    'grey-16-bit.png',
    'lossy.webp',
    'lossless.webp',
    'palette.gif'
  ])('%s that is truncated', async name => {
    const bytes = await load(name)
    for (const share of [0.3, 0.5, 0.8, 0.95]) {
      expect((await failure(bytes.subarray(0, bytes.length * share))).fault).toMatch(/^is truncated/)
    }
  })

  it('a PNG with damaged data', async () => {
    const bytes = await load('rgb.png')
    bytes[bytes.length >> 1] ^= 0x55
    expect((await failure(bytes)).fault).toMatch(/^is corrupt: /)
  })

  it('more pixels than allowed, before decoding', async () => {
    const fault = 'has 61 × 45 pixels, more than the 2744 allowed by maxPixels'
    expect((await failure(await load('rgb.png'), { maxPixels: 61 * 45 - 1 })).fault).toBe(fault)
    await expect(readImage(await load('rgb.png'), { maxPixels: 61 * 45 })).resolves.toBeDefined()
  })

  it('a decompression bomb, and one with a small size in its header', async () => {
    const bomb = await load('rgb.png')
    const view = new DataView(bomb.buffer)
    view.setUint32(16, 100_000)
    view.setUint32(20, 100_000)
    expect((await failure(bomb)).fault).toMatch(/^has 100000 × 100000 pixels, more than the 178956970/)
    view.setUint32(16, 60_000)
    view.setUint32(20, 2_000)
    expect((await failure(bomb)).fault).toMatch(
      /^has 60000 × 2000 pixels in \d+ bytes, as no real picture has/
    )
    view.setUint32(16, 6_000)
    view.setUint32(20, 200)
    expect((await failure(bomb)).fault).toBe('is corrupt: the checksum of its chunk IHDR is wrong')
  })

  it('a missing file, a web page in place of a file, and an unreachable server', async () => {
    expect((await failure('/faults/404/image/dog.jpg')).fault).toBe(
      'cannot be fetched: the server answers with status 404'
    )
    expect((await failure('/faults/page/image/dog.jpg')).fault).toMatch(
      /^cannot be fetched: the server answers with a web page/
    )
    expect((await failure('http://127.0.0.1:9/dog.jpg')).fault).toMatch(/^cannot be fetched/)
  })
})

describe('readImage on damaged files', () => {
  it('returns complete pixels or throws an ImageError', async () => {
    const names = [
      'rgb-420.jpg',
      'orientation-6.jpg',
      'rgba.png',
      'grey-16-bit.png',
      'lossy.webp',
      'palette.gif'
    ]
    const random = mulberry(1)
    for (const seed of await Promise.all(names.map(load))) {
      for (let round = 0; round < 25; round++) {
        const bytes = seed.slice(0, round % 3 === 0 ? 1 + random() * seed.length : seed.length)
        for (let change = 0; change < 4; change++) bytes[random() * bytes.length] = 256 * random()
        const image = await readImage(bytes, { maxPixels: 1e6 }).catch((error: unknown) => error)
        if (image instanceof ImageError) continue
        const { width, height, data } = image as Picture
        expect(data.length).toBe(width * height * 3)
      }
    }
  })
})

/** A deterministic sequence of numbers from 0 to 1. */
function mulberry(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function failure(source: string | Blob | Uint8Array, options?: ReadImageOptions): Promise<ImageError> {
  const error: unknown = await readImage(source, options).catch((caught: unknown) => caught)
  if (!(error instanceof ImageError)) throw new Error('it was not refused', { cause: error })
  expect(error.message).toBe(`${error.path}: ${error.fault}`)
  expect(error.fault).not.toMatch(/\n|^.{200}/)
  return error
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), char => char.charCodeAt(0))
}
