import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { ownIdentity, type ProcessIdentity } from './process-identity.js'
import { assertUnlocked, lockFolder } from './run-lock.js'

const GONE = 2 ** 31 - 2
const idOf = (digit: number): string => `${digit}0000000-0000-4000-8000-000000000000`
const folders: string[] = []
let folder: string
let lock: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-lock-'))
  folders.push(folder)
  lock = join(folder, '.lock')
})
afterAll(() => Promise.all(folders.map(each => rm(each, { recursive: true }))))

const own = await ownIdentity()
const hold = (holder: ProcessIdentity, file = lock, id = idOf(1)): Promise<void> =>
  writeFile(file, JSON.stringify({ id, ...holder }))
const expectTaken = async (): Promise<void> => {
  const { release } = await lockFolder(folder)
  expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ ...own })
  expect(await readdir(folder)).toEqual(['.lock'])
  release()
  expect(await readdir(folder)).toEqual([])
}
const expectRefused = async (message: string): Promise<void> => {
  const before = await readFile(lock, 'utf8')
  await expect(assertUnlocked(folder)).rejects.toThrow(message)
  await expect(lockFolder(folder)).rejects.toThrow(message)
  expect(await readFile(lock, 'utf8')).toBe(before)
  expect(await readdir(folder)).toEqual(['.lock'])
}

describe('a folder that a process trains in', () => {
  it('is locked until it is given up, and nothing stays', expectTaken)

  it('is refused while that process is alive, and the message names both', async () => {
    const { release } = await lockFolder(folder)
    await expectRefused(
      `${folder}: process ${process.pid} is training in it; if that process is something else, delete ${lock}`
    )
    release()
  })

  it.each<[string, Partial<ProcessIdentity>]>([
    ['a process that is gone', { pid: GONE }],
    ['one whose number is in use again', { started: '1' }],
    ['one of before the last boot', { boot: 'another' }]
  ])('is taken over from %s', async (_, difference) => {
    await hold({ ...own, ...difference })
    await expectTaken()
  })

  it.each(['', '\0\0'])('is taken over from nobody: %j', async content => {
    await writeFile(lock, content)
    await expectTaken()
  })

  it.each([
    ['a text', 'my notes\n'],
    ['JSON', '[1]'],
    ['an id that is a path', '{"id":"../x","pid":1,"host":"h"}'],
    ['no process', `{"id":"${idOf(1)}","pid":-1,"host":"h"}`],
    ['more than a lock', '\0'.repeat(8193)]
  ])("is refused where the file is no lock, but the user's: %s", async (_, content) => {
    await writeFile(lock, content)
    await expectRefused(
      `${lock}: is where a run keeps its lock, but this is something else: move it away, or train in another folder with --out`
    )
  })

  it.skipIf(process.platform === 'win32')('is refused where a pipe or a link lies there', async () => {
    execFileSync('mkfifo', [lock])
    for (const look of [assertUnlocked, lockFolder]) {
      await expect(look(folder)).rejects.toThrow(
        `${lock}: is where a run keeps its lock, but this is no regular file`
      )
    }
    await rm(lock)
    for (const target of ['/dev/zero', 'nowhere']) {
      await symlink(target, lock)
      await expect(lockFolder(folder)).rejects.toThrow('but this is a link: move it away')
      await rm(lock)
    }
  })

  it("keeps all of the user's files and folders, whatever they are named", async () => {
    const files = [
      '.lockfile',
      '.lock-notes.txt',
      '.lock.old',
      '.lock-',
      `.lock.${idOf(1)}.txt`,
      `.lock-${idOf(1)}x`
    ]
    for (const name of files) await writeFile(join(folder, name), name)
    const folders = ['.lockers', `.lock-${idOf(2)}`]
    for (const name of folders) await mkdir(join(folder, name))
    const { release } = await lockFolder(folder)
    release()
    expect((await readdir(folder)).sort()).toEqual([...files, ...folders].sort())
  })

  it('is no longer held when it was moved, removed or taken', async () => {
    const { isHeld } = await lockFolder(folder)
    expect(isHeld()).toBe(true)
    await hold({ ...own, host: 'elsewhere' })
    expect(isHeld()).toBe(false)
    await rm(lock)
    expect(isHeld()).toBe(false)
  })

  it.each<[string, Partial<ProcessIdentity>]>([
    ['another machine', { boot: 'another', host: 'elsewhere' }],
    ['another container of this machine', { numbers: 'pid:[1]' }]
  ])('is refused where %s trains in it, whose processes cannot be seen', async (_, difference) => {
    const host = difference.host ?? hostname()
    await hold({ ...own, pid: GONE, ...difference })
    await expectRefused(
      `${folder}: process ${GONE} of ${host}, another machine or container, may be training in it; if it has ended, delete ${lock}`
    )
  })

  it('is refused while another process takes it over', async () => {
    await hold({ ...own, pid: GONE })
    await hold(own, join(folder, `.lock.${idOf(1)}`), idOf(2))
    await expect(lockFolder(folder)).rejects.toThrow('another process has just begun to train in it')
    expect((await readdir(folder)).sort()).toEqual(['.lock', `.lock.${idOf(1)}`])
  })

  it('is taken over from processes that were killed while they took it over', async () => {
    await hold({ ...own, pid: GONE })
    await hold({ ...own, pid: GONE }, join(folder, `.lock.${idOf(1)}`), idOf(2))
    await hold({ ...own, pid: GONE }, join(folder, `.lock.${idOf(1)}.${idOf(2)}`), idOf(3))
    await hold({ ...own, pid: GONE }, join(folder, `.lock.${idOf(4)}`), idOf(5))
    await writeFile(join(folder, `.lock-${idOf(6)}`), '')
    await expectTaken()
  })

  it('keeps the lock of another process that took it over meanwhile', async () => {
    const { release } = await lockFolder(folder)
    await hold({ ...own, host: 'elsewhere' })
    release()
    expect(await readdir(folder)).toEqual(['.lock'])
  })

  it('is free where there is none, and not to be had where no file can be', async () => {
    await expect(assertUnlocked(join(folder, 'nowhere'))).resolves.toBeUndefined()
    await mkdir(lock)
    await expect(lockFolder(folder)).rejects.toThrow(
      `${lock}: is where a run keeps its lock, but this is a directory`
    )
  })
})

describe.skipIf(process.platform !== 'linux')(
  'a process that has ended, but for which nobody has waited',
  () => {
    it('holds nothing', async () => {
      // The shell becomes a program that never waits for the shell's child.
      const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore']
      })
      const pid = Number(await new Promise(resolve => parent.stdout.once('data', resolve)))
      const stat = (): Promise<string> => readFile(`/proc/${pid}/stat`, 'utf8')
      const started = (await stat()).replace(/^.*\) /, '').split(' ')[19]
      await hold({ ...own, pid, started })
      await expect(assertUnlocked(folder)).rejects.toThrow(`process ${pid} is training in it`)
      while (!(await stat()).includes(') Z ')) await new Promise(resolve => setTimeout(resolve, 10))
      await expectTaken()
      parent.kill()
    })
  }
)
