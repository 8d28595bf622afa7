// What doc comments show is run: every @example, and every `// value` beside one.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as api from 'resnet-ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder, ROOT } from './support/docs-folder.js'

let folder: DocsFolder

beforeAll(async () => {
  folder = await DocsFolder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

describe('@example', async () => {
  const sources = (await readdir(join(ROOT, 'src'), { recursive: true })).filter(
    path => path.endsWith('.ts') && !/\.test\.ts$|testing/.test(path)
  )
  const examples = (
    await Promise.all(
      sources.map(async path => {
        const comments = (await readFile(join(ROOT, 'src', path), 'utf8')).matchAll(
          /@example\n((?: \* ?.*\n)+?) \*\//g
        )
        return Array.from(
          comments,
          ([, text], i) => [`${path} ${i + 1}`, text.replace(/^ \* ?/gm, '')] as const
        )
      })
    )
  ).flat()

  it('are there', () => expect(examples.length).toBeGreaterThan(12))

  it.each(examples)('%s runs, and gives what it says', async (name, code) => {
    // `expression // [1, 2]` is a promise that can be checked.
    const checked = code.replace(
      /^(?!const |\/\/)(.+?) \/\/ (-?\d+|\[[\w", ]+\])$/gm,
      'assert.deepEqual($1, $2)'
    )
    const names = Object.keys(api).join(', ')
    const prelude = `import assert from 'node:assert/strict'\nimport { ${names} } from 'resnet-ts'\nconst net = resnet18()\n`
    await folder.runTypeScript(`example-${name.replace(/\W/g, '-')}`, `${prelude}{\n${checked}\n}`)
  })
})
