// Assembles src/images/simd/passes.wat into src/images/passes-code.ts, where a page finds it as it finds any script: no file
// beside it, no fetch. Run: npx tsx tools/assemble-passes.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const folder = new URL('../src/images/simd/', import.meta.url)
const LINE = 100

/** The text of passes-code.ts. */
export async function assemblePasses(): Promise<string> {
  const { parseWat } = await wabt()
  const parsed = parseWat('passes.wat', readFileSync(new URL('passes.wat', folder)), { simd: true })
  const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64')
  const lines = Array.from({ length: Math.ceil(base64.length / LINE) }, (_, line) => {
    return `  '${base64.slice(line * LINE, (line + 1) * LINE)}'`
  })
  return `// passes.wat, assembled by tools/assemble-passes.ts.\nexport const PASSES_CODE =\n${lines.join(' +\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('passes-code.ts', folder), await assemblePasses())
}
