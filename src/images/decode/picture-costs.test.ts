// Small files that would cost a decoder much: what cannot be seen in the pixels is not decoded, or is refused.
import { crc32, deflateSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { FOLDER, golden, pixelsOf } from '../../../test/support/image-goldens.js'
import { readImage } from './read-image.js'

const load = (name: string): Buffer => readFileSync(`${FOLDER}/${name}`)

/** Processor time of all threads, in milliseconds. */
async function cost(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function text(key: string, packed: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(`zTXt${key}\0\0`, 'latin1'), packed])
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(body.length - 4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}

// libpng takes three seconds and 1.6 GB for these texts.
it('a PNG of 50 texts of 8 MB each costs what it costs without them', async () => {
  const png = load('rgb.png')
  const packed = deflateSync(Buffer.alloc(7_900_000, 97))
  const texts = Array.from({ length: 50 }, (_, i) => text(`key ${i}`, packed))
  const file = Buffer.concat([png.subarray(0, 33), ...texts, png.subarray(33)])
  await readImage(png)
  const before = process.resourceUsage().maxRSS
  const spent = await cost(async () => {
    const { width, height, sha256 } = golden.files['rgb.png']
    expect(pixelsOf(await readImage(file))).toEqual({ width, height, sha256 })
  })
  expect(spent).toBeLessThan(600)
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000)
})

/** A JPEG whose last scan comes `times` more times. */
function withScans(name: string, times: number): Buffer {
  const jpeg = load(name)
  const [at, end] = [jpeg.lastIndexOf(Buffer.of(0xff, 0xda)), jpeg.length - 2]
  const again = Array.from({ length: times }, () => jpeg.subarray(at, end))
  return Buffer.concat([jpeg.subarray(0, end), ...again, jpeg.subarray(end)])
}

it('a JPEG of more scans than a real one has is refused', async () => {
  await expect(readImage(withScans('progressive.jpg', 0))).resolves.toBeDefined()
  await expect(readImage(withScans('progressive.jpg', 200))).rejects.toThrow(
    'the given bytes: has more than 200 scans, as no real picture has'
  )
  const spent = await cost(() => readImage(withScans('progressive.jpg', 100_000)).catch(() => undefined))
  expect(spent).toBeLessThan(600)
})
