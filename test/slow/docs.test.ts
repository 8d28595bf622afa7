// Runs every block of TypeScript and of commands in docs/, and compares the output with the text that follows. `no-run`
// marks blocks that need the network or a page; a block with `save=NAME` is a file for later ones.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder } from '../support/docs-folder.js'
import { blockName, isTranslation, readPages, runsAlone, savedAs } from '../support/docs-pages.js'
import { missingLine, withoutNumbers } from '../support/markdown-blocks.js'

let folder: DocsFolder

beforeAll(async () => {
  folder = await DocsFolder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

/** Pages share some commands that train for a minute: each runs once. */
const outputs = new Map<string, Promise<string>>()
function printedBy(commands: string): Promise<string> {
  const known = outputs.get(commands) ?? folder.runShell(commands)
  outputs.set(commands, known)
  return known
}

// README's commands are for a checkout; translations have the same code as the original.
const pages = (await readPages()).filter(
  ({ path, blocks }) => path.startsWith('docs/') && !isTranslation(path) && blocks.some(runsAlone)
)

describe.each(pages.map(page => [page.path, page] as const))('%s', (_, page) => {
  beforeAll(async () => {
    for (const block of page.blocks) {
      const name = savedAs(block)
      if (name !== undefined) await writeFile(join(folder.path, name), block.code)
    }
  })

  for (const block of page.blocks.filter(runsAlone)) {
    it(`line ${block.line}: ${block.code.split('\n', 1)[0]}`, async () => {
      const printed =
        block.language === 'ts'
          ? await folder.runTypeScript(blockName(page, block), block.code)
          : await printedBy(block.code)
      if (block.prints === undefined) return
      const plain = block.printsRoughly ? withoutNumbers : (text: string): string => text
      expect(missingLine(plain(printed), plain(block.prints)), printed).toBeUndefined()
    })
  }
})

it('there are many blocks', () => {
  expect(pages.flatMap(({ blocks }) => blocks.filter(runsAlone)).length).toBeGreaterThan(40)
})
