// What writing a file keeps of the one that it replaces, and what it does not replace.
import { execFile, execFileSync } from 'node:child_process'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileError } from '../file.js'
import { assertWritable, named, writeFileAtomic } from './files.js'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'resnet-ts-written-'))))
afterEach(() => rm(folder, { recursive: true }))
const at = (...names: string[]): string => join(folder, ...names)
const write = (path: string | URL): Promise<void> => writeFileAtomic(path, [new TextEncoder().encode('new')])
const permissions = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe.skipIf(process.platform === 'win32')('a file that is written over another', () => {
  it.each([0o600, 0o640, 0o666, 0o755])('has its permissions (%i)', async mode => {
    await writeFile(at('a'), 'old')
    await chmod(at('a'), mode)
    await write(at('a'))
    expect(await readFile(at('a'), 'utf8')).toBe('new')
    expect(await permissions(at('a'))).toBe(mode)
  })

  it('goes where a link leads, also one that leads nowhere yet, and the link stays', async () => {
    await mkdir(at('elsewhere'))
    await writeFile(at('elsewhere/old'), 'old')
    await symlink('elsewhere/old', at('link'))
    await symlink(at('link'), at('link-to-link'))
    await symlink('elsewhere/fresh', at('dangling'))
    for (const name of ['link', 'link-to-link', 'dangling']) {
      await assertWritable(at(name))
      await write(pathToFileURL(at(name)))
      expect((await lstat(at(name))).isSymbolicLink()).toBe(true)
      expect(await readFile(at(name), 'utf8')).toBe('new')
    }
    expect((await readdir(at('elsewhere'))).sort()).toEqual(['fresh', 'old'])
    expect((await readdir(folder)).sort()).toEqual(['dangling', 'elsewhere', 'link', 'link-to-link'])
  })

  it('does not replace a pipe, a device, a folder or a circle of links', async () => {
    execFileSync('mkfifo', [at('pipe')])
    await symlink('/dev/null', at('device'))
    await mkdir(at('folder'))
    await symlink(at('circle'), at('circle'))
    const faults = {
      pipe: 'is not a regular file: name one, or a new one',
      device: 'is not a regular file: name one, or a new one',
      folder: 'is a folder, not a file',
      circle: 'too many symbolic links'
    }
    for (const [name, fault] of Object.entries(faults)) {
      for (const attempt of [write, assertWritable]) {
        await expect(attempt(at(name))).rejects.toThrow(new FileError(at(name), fault))
      }
    }
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['circle', 'device', 'folder', 'pipe'])
  })

  it('does not replace one that may not be written', async () => {
    await writeFile(at('kept'), 'old')
    await chmod(at('kept'), 0o400)
    await chmod(folder, 0o777)
    const script = `
      import { assertWritable, writeFileAtomic } from '${new URL('files.ts', import.meta.url).href}'
      const write = path => writeFileAtomic(path, [new Uint8Array(3)])
      for (const attempt of [write, assertWritable]) {
        await attempt('${at('kept')}').then(() => console.log('written'), error => console.log(error.message))
      }
      // The folder itself would let it be replaced.
      await write('${at('other')}')`
    // The superuser may write anything, so the attempts are nobody's.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      process.getuid?.() === 0 ? { uid: 65534, gid: 65534, env: { ...process.env, TMPDIR: folder } } : {}
    )
    expect(stdout).toBe(`${at('kept')}: permission denied\n`.repeat(2))
    expect(await readFile(at('kept'), 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['kept', 'other']))
  })
})

it('a file in no folder is an error early and late, and nothing is left', async () => {
  for (const attempt of [write, assertWritable]) {
    await expect(attempt(at('none/a'))).rejects.toThrow(`${at('none/a')}: its folder does not exist`)
  }
  await assertWritable(at('a'))
  expect(await readdir(folder)).toEqual([])
})

it.each([
  ['EFBIG', 'is larger than a file may be: raise the limit (ulimit -f), or write to another file system'],
  ['EDQUOT', 'the disk quota is used up']
])('%s is said in words', async (code, words) => {
  const failing = (): Promise<never> =>
    Promise.reject(Object.assign(new Error(`${code}: no, write`), { code }))
  await expect(named('a.pth', failing)).rejects.toThrow(`a.pth: ${words}`)
})
