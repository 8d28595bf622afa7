// Assembles the WebAssembly of src/, each file into a string beside it, where a page finds it as it finds any script: no
// file beside it, no fetch. Run: npx tsx tools/assemble-wat.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const FILES = ['src/images/simd/passes.wat', 'src/tensor/random/simd/loops.wat']
const LINE = 100

const urlOf = (path: string): URL => new URL(`../${path}`, import.meta.url)

/** The text of `name-code.ts`, which stands beside `name.wat`. */
export async function assembleWat(path: string): Promise<string> {
  const { parseWat } = await wabt()
  const name = basename(path, '.wat')
  const parsed = parseWat(path, readFileSync(urlOf(path)), { simd: true, bulk_memory: true })
  const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64')
  const lines = Array.from({ length: Math.ceil(base64.length / LINE) }, (_, line) => {
    return `  '${base64.slice(line * LINE, (line + 1) * LINE)}'`
  })
  return `// ${name}.wat, assembled by tools/assemble-wat.ts.\nexport const ${name.toUpperCase()}_CODE =\n${lines.join(' +\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of FILES) writeFileSync(urlOf(path.replace('.wat', '-code.ts')), await assembleWat(path))
}
