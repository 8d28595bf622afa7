// Compiles src/ into dist/. It is built beside and moved into place, so that whoever runs the old one keeps it whole.
import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const [built, fresh, old] = ['dist', `.dist-${process.pid}`, `.dist-old-${process.pid}`].map(name =>
  join(root, name)
)

try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit'
  })
  writeFileSync(join(fresh, '.built'), '')
  try {
    renameSync(built, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(fresh, built)
} catch (error) {
  process.exitCode = error.status ?? 1
  if (error.status === undefined) throw error
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}
