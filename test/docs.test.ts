// What README and the pages of docs/ show is run: every block of TypeScript, every block of commands, and what they say
// is printed is. Blocks marked `slow` are run by test/slow/docs.test.ts; `no-run` marks what needs the network.
import { existsSync } from 'node:fs'
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

const pages = await readPages()

describe.each(pages.map(page => [page.path, page] as const))('%s', (path, page) => {
  const quick = page.blocks.filter(({ flags }) => !flags.includes('slow') && !flags.includes('no-run'))
  const typeScript = quick.filter(({ language }) => language === 'ts')
  // README's commands are those of a checkout: .ci/run calls them.
  const shell = quick.filter(({ language }) => language === 'sh' && path !== 'README.md')

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

describe('TypeScript on the pages', () => {
  const modules = pages.flatMap(page =>
    page.blocks
      .filter(({ language }) => language === 'ts')
      .map(block => [blockName(page, block), block.code] as const)
  )

  it('is there', () => expect(modules.length).toBeGreaterThan(8))

  it('is accepted by the compiler', () => folder.typeCheck(Object.fromEntries(modules)))
})
