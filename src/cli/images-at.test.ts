import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { imageFolder } from '../data/image-folder.js'
import { processorTime } from '../weights/testing/processor-time.js'
import { findImages, linesOf } from './images-at.js'

let folder: string
const at = (...names: string[]): string => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-images-at-'))
  for (const name of ['a/b', 'a/.ipynb_checkpoints', '__MACOSX', '.hidden', 'loop', 'none']) {
    await mkdir(at(name), { recursive: true })
  }
  const files = ['z.png', 'B.JPG', 'notes.txt', '.dot.png', '__MACOSX/x.png', '.hidden/x.png', 'a/b/2.gif']
  for (const name of [...files, 'a/b/10.gif', 'a/.ipynb_checkpoints/x.png', 'a/1.webp']) {
    await writeFile(at(name), '')
  }
  await symlink(folder, at('loop/back'))
  await symlink(at('a/b'), at('link'))
  await symlink(at('gone'), at('gone.png'))
})
afterAll(() => rm(folder, { recursive: true }))

let notes: string[] = []
beforeEach(() => void (notes = []))

async function found(...paths: string[]): Promise<string[]> {
  const lines: string[] = []
  for await (const { image, fault } of findImages(
    paths,
    note => void notes.push(note.replaceAll(folder, '.'))
  )) {
    lines.push(fault ? fault.message.replaceAll(folder, '.') : relative(folder, image))
  }
  return lines
}

describe('images that paths mean', () => {
  it('are those of a folder and below it, without what systems and tools leave there', async () => {
    const images = ['B.JPG', 'z.png', 'a/1.webp', 'a/b/10.gif', 'a/b/2.gif', 'link/10.gif', 'link/2.gif']
    expect(await found(folder)).toEqual([
      ...images,
      './loop/back: is a link that leads back to a folder it is in'
    ])
  })

  it('are files as they are, in the order given, and paths at which there are none', async () => {
    expect(await found(at('notes.txt'), at('nowhere'), at('none'), at('.dot.png'))).toEqual([
      'notes.txt',
      './nowhere: no such file or folder',
      './none: has no images in it; JPEG, PNG, WebP and GIF are read',
      '.dot.png'
    ])
  })

  it('are not of formats that are not read, which is said once for a folder', async () => {
    await mkdir(at('mixed/below'), { recursive: true })
    for (const name of ['a.png', 'b.TIF', 'c.bmp', 'below/d.tif', 'e.txt'])
      await writeFile(at('mixed', name), '')
    expect(await found(at('mixed'))).toEqual(['mixed/a.png'])
    expect(notes).toEqual(['./mixed: left out 2 .tif, 1 .bmp: JPEG, PNG, WebP and GIF are read'])
    await rm(at('mixed'), { recursive: true })
  })

  it('are at addresses, one at each, whether they can be fetched or not', async () => {
    const addresses = ['https://example.com/a/dog.jpg?x=1', 'HTTP://127.0.0.1:9/']
    const images = []
    for await (const each of findImages(addresses, () => {})) images.push(each)
    expect(images).toEqual(addresses.map(image => ({ image })))
  })

  it('are not looked for in every way that links lead to a folder', async () => {
    const root = at('.many')
    for (let level = 0; level < 36; level++) {
      await mkdir(join(root, String(level)), { recursive: true })
      for (const name of ['x', 'y']) await symlink(`../${level + 1}`, join(root, String(level), name))
    }
    await mkdir(join(root, '36'))
    await writeFile(join(root, '36', 'a.png'), '')
    const lines = await found(join(root, '0'))
    expect(lines).toHaveLength(1001)
    expect(lines.at(-1)).toMatch(
      /^\.[/].many[/]0[/xy]+: is a folder to which links lead in more than 1000 ways$/
    )
    await expect(imageFolder(root)).rejects.toThrow(
      /[xy]: is a folder to which links lead in more than 1000 ways$/
    )
  })

  it('are found as deep as paths may be, without asking for each of them whole', async () => {
    const root = at('.deep')
    const deep = join(root, 'a', ...Array.from({ length: 700 }, () => 'd'))
    await mkdir(deep, { recursive: true })
    await writeFile(join(deep, 'z.png'), '')
    const start = processorTime()
    expect(await found(root)).toEqual([join('.deep', relative(root, join(deep, 'z.png')))])
    expect((await imageFolder(root)).length).toBe(1)
    expect(processorTime() - start).toBeLessThan(5000)
  })

  it('are on the lines of a list, however it arrives', async () => {
    const list = async (...chunks: string[]): Promise<string[]> => {
      const lines: string[] = []
      for await (const line of linesOf(Readable.from(chunks))) lines.push(line)
      return lines
    }
    expect(await list('\uFEFFa\r', '\nb', 'c\n\n \nd\r')).toEqual(['a', 'bc', 'd'])
    expect(await list()).toEqual([])
    const endless = /^The list on standard input has a line of more than 65536 characters/
    await expect(list('a\n', ...Array.from({ length: 3 }, () => '\0'.repeat(30_000)))).rejects.toThrow(
      endless
    )
    await expect(list(`${'a'.repeat(70_000)}\nb`)).rejects.toThrow(endless)
  })

  it('are at no empty path', async () => {
    const sentence = 'The path of an image is empty; expected a file, a folder, an address or -'
    expect(await found('')).toEqual([sentence])
  })
})
