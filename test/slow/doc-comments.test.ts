// Runs every @example of doc comments, and checks every `// value` in it.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocsFolder, ROOT } from '../support/docs-folder.js'
import { publicEntries } from '../support/public-entries.js'

const EXAMPLES_TIMEOUT = 180_000

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

  // All in one process, because starting one for each would take most of the time.
  const FAULTS = 'faults.json'
  let faults: Readonly<Record<string, string>>

  beforeAll(async () => {
    const imported = new Set<string>()
    const imports = (await publicEntries()).map(({ name, exports }) => {
      const names = Object.keys(exports).filter(each => !imported.has(each))
      for (const each of names) imported.add(each)
      return `import { ${names.join(', ')} } from '${name}'`
    })
    const prelude = `import assert from 'node:assert/strict'
      import { writeFile } from 'node:fs/promises'
      ${imports.join('\n')}
      const faults = {}`
    const runs = examples.map(([name, code]) => {
      const label = JSON.stringify(name)
      return `try {\nconst net = resnet18()\n{\n${checked(code)}\n}\n} catch (error) { faults[${label}] = String(error?.stack) }`
    })
    const end = `await writeFile('${FAULTS}', JSON.stringify(faults))`
    await folder.runTypeScript('examples', [prelude, ...runs, end].join('\n'))
    faults = JSON.parse(await readFile(join(folder.path, FAULTS), 'utf8')) as typeof faults
  }, EXAMPLES_TIMEOUT)

  it('exist', () => expect(examples.length).toBeGreaterThan(12))

  it.each(examples)('%s runs, with the values it shows', name => {
    expect(faults[name]).toBeUndefined()
  })
})

/** Matches `expression // [1, 2]`, whose value is checked. */
function checked(code: string): string {
  return code.replace(/^(?!const |\/\/)(.+?) \/\/ (-?\d+|\[[\w", ]+\])$/gm, 'assert.deepEqual($1, $2)')
}
