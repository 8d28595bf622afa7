// What README and the pages of docs/ show is run: every block of TypeScript, every block of commands, and what they say
// is printed is. Blocks marked `slow` are run by test/slow/docs.test.ts; `no-run` marks what needs the network.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder, ROOT } from './support/docs-folder.js'
import { blockName, readPages } from './support/docs-pages.js'
import { missingLine } from './support/markdown-blocks.js'

let folder: DocsFolder

beforeAll(async () => {
  folder = await DocsFolder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

// A translation has its original's code, so that is run once.
const pages = (await readPages()).filter(({ path }) => !isTranslation(path))
const translations = (await readPages()).filter(({ path }) => isTranslation(path))

function isTranslation(path: string): boolean {
  return /\.\w\w\.md$/.test(path)
}

describe.each(pages.map(page => [page.path, page] as const))('%s', (path, page) => {
  const quick = page.blocks.filter(({ flags }) => !flags.includes('slow') && !flags.includes('no-run'))
  const typeScript = quick.filter(({ language }) => language === 'ts')
  // README's commands are those of a checkout: .ci/run calls them.
  const shell = quick.filter(({ language }) => language === 'sh' && path !== 'README.md')

  beforeAll(async () => {
    for (const { flags, code } of page.blocks) {
      const name = flags.find(flag => flag.startsWith('save='))?.slice('save='.length)
      if (name !== undefined) await writeFile(join(folder.path, name), code)
    }
  })

  for (const block of typeScript) {
    it(`line ${block.line}: TypeScript runs`, async () => {
      const printed = await folder.runTypeScript(blockName(page, block), block.code)
      if (block.prints !== undefined) expect(missingLine(printed, block.prints), printed).toBeUndefined()
    })
  }

  for (const block of shell) {
    it(`line ${block.line}: ${block.code.split('\n', 1)[0]}`, async () => {
      const printed = await folder.runShell(block.code)
      if (block.prints !== undefined) expect(missingLine(printed, block.prints), printed).toBeUndefined()
    })
  }

  it('leads to pages and files that exist', () => {
    const targets = Array.from(
      page.text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g),
      ([, target]) => target
    )
    const missing = targets.filter(
      target => !target.startsWith('api/') && !existsSync(join(ROOT, dirname(path), target))
    )
    expect(missing).toEqual([])
  })
})

describe.each(translations.map(page => [page.path, page] as const))('%s', (path, { blocks }) => {
  it('has the code of its original', () => {
    const original = pages.find(page => page.path === path.replace(/\.\w\w\.md$/, '.md'))
    const codeOf = (list: typeof blocks): string[] => list.map(({ code, prints = '' }) => `${code}${prints}`)
    expect(codeOf(blocks)).toEqual(codeOf(original?.blocks ?? []))
  })
})

describe('TypeScript on the pages', () => {
  const modules = pages.flatMap(page =>
    page.blocks
      .filter(({ language, flags }) => language === 'ts' && !flags.includes('no-run'))
      .map(block => [blockName(page, block), block.code] as const)
  )

  it('is there', () => expect(modules.length).toBeGreaterThan(8))

  it('is accepted by the compiler', () => folder.typeCheck(Object.fromEntries(modules)))
})
