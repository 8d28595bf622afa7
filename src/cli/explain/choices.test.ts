// What the command line means: classes by name, files by image, options by method.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ResnetError } from '../../base/errors.js'
import { assertFitting, findClass } from './choices.js'
import { isPage, outputPaths } from './output.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-explain-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('--class', () => {
  const names = ['tabby', 'tiger cat', 'Persian cat', 'tiger']
  const find = (text: string): number => findClass(text, names.length, index => names[index])
  it('is a name, whatever its case, or a number', () => {
    expect(find('Tiger Cat')).toBe(1)
    expect(find('3')).toBe(3)
    expect(findClass('0', 2, index => ['1', '0'][index])).toBe(1)
  })

  it('says what comes near a name, and how far numbers go', () => {
    expect(() => find('tigr')).toThrow(/near it are 'tiger' \(3\)/)
    expect(() => find('cat')).toThrow(
      /near it are 'tiger cat' \(1\), 'Persian cat' \(2\)\. Numbers go from 0 to 3/
    )
    expect(() => find('4')).toThrow(new ResnetError('There is no class 4: the network tells 4 apart, 0 to 3'))
    expect(() => find('-1')).toThrow(/0 to 3/)
  })
})

describe('--out', () => {
  it('is the file for one image, and has their names for several', async () => {
    expect(await outputPaths(['a/cat.jpg'], { out: 'x.png', method: 'gradcam' })).toEqual(['x.png'])
    expect(
      await outputPaths(['a/cat.jpg', 'b/cat.png', 'dog.jpg'], { out: 'x.html', method: 'gradcam' })
    ).toEqual(['x-cat.html', 'x-cat-2.html', 'x-dog.html'])
    const addresses = ['https://a.example/b/cat.jpg?x=/1', 'http://a.example/d%2Fg', 'https://example/']
    expect(await outputPaths(addresses, { out: undefined, method: 'eigencam' })).toEqual([
      'cat-eigencam.png',
      'd_2Fg-eigencam.png',
      'example-eigencam.png'
    ])
    expect(await outputPaths(['a/cat.jpg'], { out: undefined, method: 'eigencam' })).toEqual([
      'cat-eigencam.png'
    ])
  })

  it('is a folder, made where it is missing', async () => {
    const out = join(folder, 'deep/seen')
    expect(await outputPaths(['cat.jpg'], { out, method: 'gradcam' })).toEqual([join(out, 'cat-gradcam.png')])
    // One that is there may be called like a file.
    expect(await outputPaths(['cat.jpg'], { out, method: 'gradcam' })).toHaveLength(1)
  })

  it('is neither another kind of file nor a folder inside one', async () => {
    await expect(outputPaths(['a.jpg'], { out: 'x.jpg', method: 'gradcam' })).rejects.toThrow(
      new ResnetError('--out x.jpg: a picture is written as .png, a page as .html')
    )
    await expect(outputPaths(['a.jpg'], { out: '/dev/null/x', method: 'gradcam' })).rejects.toThrow(
      ResnetError
    )
    expect([isPage('a.HTML'), isPage('a.png')]).toEqual([true, false])
  })
})

describe('options', () => {
  it('that mean nothing to a method are mistakes', () => {
    expect(() => assertFitting('scorecam', { layer: 'x', class: '1', maxChannels: 3 })).not.toThrow()
    expect(() => assertFitting('eigencam', { class: '1' })).toThrow(
      /--class means nothing to --method eigencam/
    )
    expect(() => assertFitting('gradcam', { maxChannels: 1 })).toThrow(
      new ResnetError('--max-channels means nothing to --method gradcam; it is for scorecam')
    )
    expect(() => assertFitting('occlusion', { layer: 'layer4' })).toThrow(/--layer means nothing/)
  })
})
