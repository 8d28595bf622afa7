import * as fc from 'fast-check'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareCodePoints, imageFolder, splitFolders, type LeftOut } from './image-folder.js'
import { rejection } from './testing/rejection.js'
import { scratchFolder } from './testing/scratch-folder.js'

const files = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map(name => [name, '']))

describe('imageFolder', () => {
  it("finds torchvision's classes and samples, in its order", async () => {
    // What torchvision 0.14's ImageFolder says of the same tree, without the hidden ones.
    const b = [
      'b/F.jpeg',
      'b/a.JPG',
      'b/é.png',
      'b/ﬁ.png',
      'b/𝒜.png',
      'b/a/z.png',
      'b/a b/q.png',
      'b/a-b/y.png',
      'b/a/b/c.webp'
    ]
    const others = ['Z/10.png', 'Z/9.png', 'Z/A.png', 'b-1/x.png', 'b2/x.png', '𝒜/x.png', 'ﬁ/x.png']
    const root = await scratchFolder(
      files(...b, ...others, '.dot/x.png', 'b/a/.hidden.png', 'b/readme.txt', 'loose.png')
    )
    await symlink(join(root, 'b', 'a'), join(root, 'linked'))
    await symlink(join(root, 'b2'), join(root, 'Z', 'zlink'))
    await symlink(join(root, 'gone.png'), join(root, 'Z', 'dangling.png'))
    const dataset = await imageFolder(root)
    const classes = ['Z', 'b', 'b-1', 'b2', 'linked', 'ﬁ', '𝒜']
    expect(dataset.classes).toEqual(classes)
    const samples = [
      ...['Z/10.png', 'Z/9.png', 'Z/A.png', 'Z/dangling.png', 'Z/zlink/x.png'],
      ...b,
      ...['b-1/x.png', 'b2/x.png', 'linked/z.png', 'linked/b/c.webp'],
      ...['ﬁ/x.png', '𝒜/x.png']
    ]
    expect(Array.from(dataset.labels, (_, i) => dataset.source(i))).toEqual(
      samples.map(name => ({ path: join(root, name) }))
    )
    expect([...dataset.labels]).toEqual(samples.map(name => classes.indexOf(name.split('/')[0])))
    expect(dataset).toMatchObject({ length: samples.length, channels: 3 })
    expect(await rejection(() => dataset.source(samples.length))).toContain('none at index')
  })

  it('takes GIF, and one class', async () => {
    const root = await scratchFolder(files('only/a.GIF', 'only/b.bmp', 'only/gif'))
    const dataset = await imageFolder(root)
    expect([dataset.length, dataset.classes]).toEqual([1, ['only']])
  })

  it('leaves out what systems and tools leave there, and tells of all that it left out', async () => {
    const root = await scratchFolder(
      files(
        'a/x.png',
        'a/.ipynb_checkpoints/x.png',
        'a/._x.png',
        'a/b.bmp',
        '.git/c.png',
        '__MACOSX/a/x.png',
        'n.txt'
      )
    )
    const told: LeftOut[] = []
    const dataset = await imageFolder(root, { onLeftOut: leftOut => told.push(leftOut) })
    expect([dataset.classes, dataset.length]).toEqual([['a'], 1])
    const [{ folders, files: others }] = told
    const below = (paths: readonly string[]): string[] =>
      paths.map(path => path.slice(root.length + 1)).sort()
    expect(below(folders)).toEqual(['.git', '__MACOSX', 'a/.ipynb_checkpoints'])
    expect(below(others)).toEqual(['a/._x.png', 'a/b.bmp', 'n.txt'])
    expect(told).toHaveLength(1)
  })

  it('names every class without images', async () => {
    const root = await scratchFolder(files('a/x.png', 'b/x.txt', 'c/deep/x'))
    await mkdir(join(root, 'd "e'))
    expect(await rejection(() => imageFolder(root))).toBe(
      `${root}: has no images for classes "b", "c", "d \\"e"; they end in .jpg, .jpeg, .png, .webp, .gif`
    )
  })

  it('refuses a class whose name no checkpoint can keep, and what is no path', async () => {
    const root = await scratchFolder(files('a/x.png', 'ro\tse/y.png'))
    expect(await rejection(() => imageFolder(root))).toBe(
      `${root}: the class "ro\\tse" has control characters in its name; rename the folder`
    )
    await expect(imageFolder(undefined as unknown as string)).rejects.toThrow(
      'imageFolder: root: expected a string'
    )
  })

  it('refuses a folder without folders, a file, and nothing', async () => {
    const root = await scratchFolder(files('a.png'))
    expect(await rejection(() => imageFolder(root))).toBe(
      `${root}: has no folders in it; expected one for each class with its images, but the images are in the folder itself`
    )
    const file = join(root, 'a.png')
    expect(await rejection(() => imageFolder(file))).toBe(`${file}: is a file, not a folder`)
    const missing = join(root, 'missing')
    expect(await rejection(() => imageFolder(missing))).toBe(`${missing}: no such file or folder`)
    const empty = await scratchFolder()
    expect(await rejection(() => imageFolder(empty))).toBe(
      `${empty}: has no folders in it; expected one for each class`
    )
  })

  it('refuses a link that leads in a circle', async () => {
    const root = await scratchFolder(files('a/b/x.png'))
    const link = join(root, 'a', 'b', 'up')
    await symlink(join(root, 'a'), link)
    expect(await rejection(() => imageFolder(root))).toBe(
      `${link}: is a link that leads back to a folder it is in`
    )
  })
})

describe('splitFolders', () => {
  it.each(['val', 'valid', 'validation', 'test'])('reads train and %s', async held => {
    const root = await scratchFolder(
      files('train/a/1.png', 'train/b/2.png', `${held}/a/3.png`, `${held}/b/4.png`)
    )
    const split = await splitFolders(root)
    expect(split?.train.source(1)).toEqual({ path: join(root, 'train/b/2.png') })
    expect(split?.validation.source(0)).toEqual({ path: join(root, held, 'a/3.png') })
  })

  it.each([
    ['Training', 'Testing'],
    ['TRAIN', 'Val'],
    ['Train', 'Validation']
  ])('reads %s and %s, and tells of what is beside them', async (training, held) => {
    const root = await scratchFolder(
      files(`${training}/a/1.png`, `${held}/a/2.png`, `${held}/a/2.tif`, 'extra/a/1.png', 'readme.md')
    )
    const told: LeftOut[] = []
    const split = await splitFolders(root, { onLeftOut: leftOut => told.push(leftOut) })
    expect(split?.train.source(0)).toEqual({ path: join(root, training, 'a/1.png') })
    expect(split?.validation.source(0)).toEqual({ path: join(root, held, 'a/2.png') })
    expect(told).toEqual([
      { folders: [join(root, 'extra')], files: [join(root, 'readme.md'), join(root, held, 'a/2.tif')] }
    ])
  })

  it('prefers val to test', async () => {
    const root = await scratchFolder(files('train/a/1.png', 'test/a/2.png', 'val/a/3.png'))
    expect((await splitFolders(root))?.validation.source(0)).toEqual({ path: join(root, 'val/a/3.png') })
  })

  it('is nothing for a folder of classes', async () => {
    expect(await splitFolders(await scratchFolder(files('train/1.png', 'bus/1.png')))).toBeUndefined()
    expect(await splitFolders(await scratchFolder(files('val/1.png', 'bus/1.png')))).toBeUndefined()
  })

  it('names the classes that only one half has', async () => {
    const root = await scratchFolder(
      files('train/a/1.png', 'train/b/1.png', 'train/c/1.png', 'val/a/1.png', 'val/d/1.png')
    )
    expect(await rejection(() => splitFolders(root))).toBe(
      `${root}: its halves differ in their classes: only train has "b", "c"; only val has "d"`
    )
    const fewer = await scratchFolder(files('train/a/1.png', 'train/b/1.png', 'val/a/1.png'))
    expect(await rejection(() => splitFolders(fewer))).toContain('classes: only train has "b"')
    expect(await rejection(() => splitFolders(join(root, 'gone')))).toContain('no such file or folder')
  })
})

/** The same, slowly: a list of code points. */
function compareSlowly(a: string, b: string): number {
  const [left, right] = [a, b].map(text => Array.from(text, char => char.codePointAt(0) ?? 0))
  const at = left.findIndex((code, i) => code !== right[i])
  return at < 0 ? left.length - right.length : left[at] - (right[at] ?? -1)
}

describe('compareCodePoints', () => {
  it("sorts as Python's sorted does", () => {
    // python3 -c "print(sorted(['𝒜', 'ﬁ', 'é', 'e', 'Z', 'a', 'a1', '10', '9', '']))"
    const sorted = ['', '10', '9', 'Z', 'a', 'a1', 'e', 'é', 'ﬁ', '𝒜']
    expect(sorted.toReversed().sort(compareCodePoints)).toEqual(sorted)
  })

  it('compares code point by code point', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\ue000', '\uffee', '𝒜', '𝒞', '😀') })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(compareSlowly(a, b)))
      })
    )
  })
})
