// The blocks of README and docs/ that take more than a few seconds: see test/docs.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder } from '../support/docs-folder.js'
import { blockName, readPages } from '../support/docs-pages.js'
import { missingLine } from '../support/markdown-blocks.js'

let folder: DocsFolder

beforeAll(async () => {
  folder = await DocsFolder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

// A translation has its original's code.
const slow = (await readPages())
  .filter(({ path }) => !/\.\w\w\.md$/.test(path))
  .flatMap(page => page.blocks.filter(({ flags }) => flags.includes('slow')).map(block => ({ page, block })))

describe('slow blocks of the pages', () => {
  it('are there', () => expect(slow.length).toBeGreaterThan(0))

  for (const { page, block } of slow) {
    it(`${page.path}, line ${block.line}: ${block.code.split('\n', 1)[0]}`, async () => {
      const printed =
        block.language === 'ts'
          ? await folder.runTypeScript(blockName(page, block), block.code)
          : await folder.runShell(block.code)
      if (block.prints !== undefined) expect(missingLine(printed, block.prints), printed).toBeUndefined()
    })
  }
})
