import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { assertUnlocked, lockFolder } from './run-lock.js'

const folders: string[] = []
let folder: string
let lock: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-lock-'))
  folders.push(folder)
  lock = join(folder, '.lock')
})
afterAll(() => Promise.all(folders.map(each => rm(each, { recursive: true }))))

describe('a folder that a process trains in', () => {
  it('is locked until it is given up, and nothing stays', async () => {
    const unlock = await lockFolder(folder)
    expect(await readFile(lock, 'utf8')).toBe(`${process.pid}\n`)
    unlock()
    expect(await readdir(folder)).toEqual([])
  })

  it('is refused while that process is alive, and the message names both', async () => {
    await writeFile(lock, `${process.ppid}\n`)
    const message = `${folder}: process ${process.ppid} is training in it; if that process is something else, delete ${lock}`
    await expect(assertUnlocked(folder)).rejects.toThrow(message)
    await expect(lockFolder(folder)).rejects.toThrow(message)
    expect(await readFile(lock, 'utf8')).toBe(`${process.ppid}\n`)
  })

  it.each([
    ['a process that is gone', '2147483646'],
    ['nobody', ''],
    ['no number', 'x']
  ])('is taken over from %s', async (_, holder) => {
    await writeFile(lock, holder)
    const unlock = await lockFolder(folder)
    expect(await readFile(lock, 'utf8')).toBe(`${process.pid}\n`)
    unlock()
  })

  it('is taken over from before the machine was started, though the number is in use again', async () => {
    await writeFile(lock, `${process.ppid}\n`)
    await utimes(lock, 1, 1)
    const unlock = await lockFolder(folder)
    unlock()
  })

  it('is free where there is none', async () => {
    await expect(assertUnlocked(join(folder, 'nowhere'))).resolves.toBeUndefined()
  })
})
