import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zeros } from '../tensor/tensor.js'
import { ImageError } from './picture.js'
import { readImage } from './decode/read-image.js'
import { listImages, writeImage } from './image-files.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'list-images-'))
  const names = [
    'b.jpg',
    'a.JPEG',
    'Z.png',
    'c.webp',
    'd.gif',
    'notes.txt',
    '.hidden.jpg',
    'e.jpg.part',
    'jpg'
  ]
  for (const name of names) await writeFile(join(folder, name), '')
  await mkdir(join(folder, 'deeper.png'))
  await writeFile(join(folder, 'deeper.png', 'inside.png'), '')
  await symlink(join(folder, 'b.jpg'), join(folder, 'link.jpg'))
  await symlink(join(folder, 'gone.jpg'), join(folder, 'dangling.jpg'))
  await symlink(join(folder, 'deeper.png'), join(folder, 'folder-link.png'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('listImages', () => {
  it('lists the images of a folder, sorted, without hidden files and folders', async () => {
    const expected = ['Z.png', 'a.JPEG', 'b.jpg', 'c.webp', 'd.gif', 'link.jpg']
    expect(await listImages(folder)).toEqual(expected.map(name => join(folder, name)))
  })

  it('takes a file as it is', async () => {
    expect(await listImages(join(folder, 'notes.txt'))).toEqual([join(folder, 'notes.txt')])
  })

  it('refuses a path that leads nowhere', async () => {
    const path = join(folder, 'nowhere')
    const error: unknown = await listImages(path).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ImageError)
    expect(error).toMatchObject({ message: `${path}: no such file or folder` })
  })
})

describe('writeImage', () => {
  it('writes what readImage reads, pixel for pixel', async () => {
    const data = Uint8Array.from({ length: 7 * 5 * 3 }, (_, i) => (i * 37) % 256)
    const path = join(folder, 'deeper.png/some.PNG')
    await writeImage(path, { width: 7, height: 5, channels: 3, data })
    expect(await readImage(path)).toEqual({ width: 7, height: 5, channels: 3, data })
  })

  it('says what it is given in place of a picture', async () => {
    const path = join(folder, 'a.png')
    await expect(writeImage(path, zeros([3, 1, 1]) as never)).rejects.toThrow(
      'expected a picture, { width, height, channels, data }, got an object of class Tensor'
    )
    await expect(writeImage(path, Promise.resolve() as never)).rejects.toThrow('got a promise: await it')
    await expect(readImage(Promise.resolve('a.png') as never)).rejects.toThrow(
      'readImage: source: expected a path, a URL, a Blob, bytes or pixels, got a promise: await it'
    )
    await expect(readImage([path] as never)).rejects.toThrow('bytes or pixels, got [')
  })

  it('names the file when its name is of another kind, it cannot be written, or there are no pixels', async () => {
    const image = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) } as const
    await expect(writeImage(join(folder, 'deeper.png/a.jpg'), image)).rejects.toThrow(
      /a\.jpg: is written as a PNG/
    )
    await expect(writeImage(join(folder, 'none/a.png'), image)).rejects.toThrow(ImageError)
    await expect(
      writeImage(join(folder, 'deeper.png/a.png'), {
        width: 0,
        height: 1,
        channels: 3,
        data: new Uint8Array(0)
      })
    ).rejects.toThrow(/a\.png: cannot be encoded/)
  })
})
