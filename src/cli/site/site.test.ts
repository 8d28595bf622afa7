// A site is copied into a folder without replacing what is the user's there.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { copySite, type Site } from './site.js'

let folder: string
let site: Site
const at = (...names: string[]): string => join(folder, ...names)
const out = (...names: string[]): string => at('out', ...names)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-site-'))
  for (const name of ['page/assets', 'runtime', 'out']) await mkdir(at(name), { recursive: true })
  for (const name of ['page/index.html', 'page/assets/a.js', 'runtime/a.wasm'])
    await writeFile(at(name), 'ours')
  site = [
    { at: '/', folder: at('page') },
    { at: '/runtime/', folder: at('runtime'), only: ['a.wasm'] }
  ]
})
afterEach(() => rm(folder, { recursive: true }))

it('beside other files, and again over its own copy', async () => {
  await writeFile(out('notes.txt'), 'mine')
  await copySite(site, out())
  await writeFile(at('page/index.html'), 'newer')
  await copySite(site, out())
  expect(await readFile(out('index.html'), 'utf8')).toBe('newer')
  expect((await readdir(out())).sort()).toEqual([
    '.resnet-ts',
    'assets',
    'index.html',
    'notes.txt',
    'runtime'
  ])
})

it.each(['index.html', 'assets', 'runtime/a.wasm', '.resnet-ts'])(
  'not over %s of the user, unless told',
  async name => {
    await mkdir(out('runtime'), { recursive: true })
    await writeFile(out(name), 'mine')
    await expect(copySite(site, out())).rejects.toThrow(
      `${out()}: already holds ${name}, which this command did not write; --overwrite replaces it, --out names another folder`
    )
    expect(await readFile(out(name), 'utf8')).toBe('mine')
    expect((await readdir(out())).sort()).toEqual([...new Set([name.split('/')[0], 'runtime'])].sort())
    if (name === 'assets') return
    await copySite(site, out(), true)
    expect(await readFile(out(name), 'utf8')).not.toBe('mine')
  }
)

it('knows what each command wrote into one folder', async () => {
  const bundle: Site = [{ at: '/', folder: at('runtime') }]
  await copySite(bundle, out())
  await copySite(site, out())
  await copySite(bundle, out())
  await copySite(site, out())
  await writeFile(at('runtime/README'), 'new')
  await writeFile(out('README'), 'mine')
  await expect(copySite(bundle, out())).rejects.toThrow('already holds README')
})
