import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileError } from '../file.js'
import { makeFolder } from './folders.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-folders-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('makeFolder', () => {
  it('makes all that is missing, and lets be what is there', async () => {
    const path = join(folder, 'a', 'b', 'c')
    await makeFolder(path)
    await makeFolder(path)
    expect((await stat(path)).isDirectory()).toBe(true)
  })

  it('says that a file is in the way', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(makeFolder(file)).rejects.toThrow(new FileError(file, 'already exists and is not a folder'))
    await expect(makeFolder(join(file, 'x', 'y'))).rejects.toThrow(FileError)
  })

  it.runIf(process.platform === 'linux')('gives up where no folder can be', async () => {
    await expect(makeFolder('/proc/x/y')).rejects.toThrow(
      new FileError('/proc/x', 'no folder can be made here')
    )
  })
})
