import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImageError } from './picture.js'
import { readImage } from './decode/read-image.js'
import { writeImage } from './write-image.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-write-image-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('writeImage', () => {
  it('writes what readImage reads, pixel for pixel', async () => {
    const data = Uint8Array.from({ length: 7 * 5 * 3 }, (_, i) => (i * 37) % 256)
    const path = join(folder, 'some.PNG')
    await writeImage(path, { width: 7, height: 5, channels: 3, data })
    expect(await readImage(path)).toEqual({ width: 7, height: 5, channels: 3, data })
  })

  it('names the file when its name is of another kind, it cannot be written, or there are no pixels', async () => {
    const image = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) } as const
    await expect(writeImage(join(folder, 'a.jpg'), image)).rejects.toThrow(/a\.jpg: is written as a PNG/)
    await expect(writeImage(join(folder, 'none/a.png'), image)).rejects.toThrow(ImageError)
    await expect(
      writeImage(join(folder, 'a.png'), { width: 0, height: 1, channels: 3, data: new Uint8Array(0) })
    ).rejects.toThrow(/a\.png: cannot be encoded/)
  })
})
