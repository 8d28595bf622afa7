// README and the pages of docs/: README's TypeScript runs, all TypeScript compiles, links resolve, and translations have
// the same code as the original. test/slow/docs.test.ts runs the code of docs/.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder, ROOT } from './support/docs-folder.js'
import { blockName, isTranslation, readPages, runsAlone, type Page } from './support/docs-pages.js'

let folder: DocsFolder

beforeAll(async () => {
  folder = await DocsFolder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

const pages = await readPages()
const byPath = pages.map(page => [page.path, page] as const)

function typeScriptOf(page: Page): (readonly [name: string, code: string])[] {
  const blocks = page.blocks.filter(block => block.language === 'ts' && runsAlone(block))
  return blocks.map(block => [blockName(page, block), block.code])
}

describe.each(byPath.filter(([path]) => path === 'README.md'))('%s', (_, page) => {
  it.each(typeScriptOf(page))('%s runs', async (name, code) => {
    await folder.runTypeScript(name, code)
  })
})

describe.each(byPath)('%s', (path, { text }) => {
  it('leads to pages and files that exist', () => {
    const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g), ([, target]) => target)
    // The reference is generated.
    const missing = links.filter(
      target => !target.startsWith('api/') && !existsSync(join(ROOT, dirname(path), target))
    )
    expect(missing).toEqual([])
  })
})

describe.each(byPath.filter(([path]) => isTranslation(path)))('%s', (path, { blocks }) => {
  it('has the code of its original', () => {
    const original = pages.find(page => page.path === path.replace(/\.\w\w\.md$/, '.md'))
    const codeOf = (list: typeof blocks): string[] => list.map(({ code, prints = '' }) => `${code}${prints}`)
    expect(codeOf(blocks)).toEqual(codeOf(original?.blocks ?? []))
  })
})

describe('TypeScript on the pages', () => {
  const modules = pages.filter(({ path }) => !isTranslation(path)).flatMap(typeScriptOf)

  it('is there', () => expect(modules.length).toBeGreaterThan(20))

  it('is accepted by the compiler', () => folder.typeCheck(Object.fromEntries(modules)))
})
