// README and the pages of docs/: README's samples run; every sample is strict TypeScript, and without its types
// JavaScript that Node 20 parses; links and paths lead somewhere; a translation has its original's code.
// The samples of docs/ are run by test/slow/docs.test.ts.
import { parse } from 'acorn'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder, readPage, ROOT, withoutTypes } from './support/docs-folder.js'
import {
  blockName,
  isTranslation,
  pathFinder,
  pathsIn,
  readPages,
  runsAlone,
  type Page
} from './support/docs-pages.js'

/** What Node 20 understands: no `await using`, no decorators. */
const ECMA_VERSION = 2023

let folder: DocsFolder

beforeAll(async () => {
  folder = await DocsFolder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

const pages = await readPages()
const byPath = pages.map(page => [page.path, page] as const)

function typeScriptOf(page: Page): (readonly [name: string, code: string])[] {
  const blocks = page.blocks.filter(({ language }) => language === 'ts')
  return blocks.map(block => [blockName(page, block), block.code])
}

function scriptsOf({ blocks, text }: Page): string[] {
  const samples = blocks.flatMap(({ language, code }) =>
    language === 'ts' ? [withoutTypes(code)] : language === 'js' ? [code] : []
  )
  return [
    ...samples,
    ...Array.from(text.matchAll(/<script type="module">(.*?)<\/script>/gs), ([, code]) => code)
  ]
}

describe.each(byPath.filter(([path]) => path === 'README.md'))('%s', (_, page) => {
  for (const block of page.blocks.filter(block => block.language === 'ts' && runsAlone(block))) {
    it(`line ${block.line} runs`, async () => {
      await folder.runTypeScript(blockName(page, block), block.code)
    })
  }
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

describe.each(byPath.filter(([, page]) => scriptsOf(page).length > 0))('%s', (_, page) => {
  it('has samples that Node 20 parses without their types', () => {
    for (const code of scriptsOf(page)) parse(code, { ecmaVersion: ECMA_VERSION, sourceType: 'module' })
  })
})

const PROSE = [
  'FEATURES.md',
  'CONTRIBUTING.md',
  'NOTICE',
  'apps/explorer/README.md',
  ...pages.map(({ path }) => path)
]

describe.each(PROSE)('%s', path => {
  it('names files that exist', async () => {
    const exists = pathFinder()
    const named = pathsIn(await readPage(path))
    // The explorer's page names its own files.
    expect(named.filter(name => ![name, join(dirname(path), name)].some(exists))).toEqual([])
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

  it('is accepted by the compiler in a new project', () => folder.typeCheck(Object.fromEntries(modules)))
})
