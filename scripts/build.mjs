// Compiles src/ into dist/ and bundles it for the command line and for pages. It is built beside and moved into place, so that whoever runs the old one keeps it whole.
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleBrowser } from './bundle-browser.mjs'
import { bundleCli } from './bundle-cli.mjs'
import { compile } from './compile.mjs'
import { writePageTexts } from './page-texts.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const [built, fresh, old] = ['dist', `.dist-${process.pid}`, `.dist-old-${process.pid}`].map(name =>
  join(root, name)
)

const started = new Date()

try {
  compile(root, fresh)
  await writePageTexts(root, fresh)
  await Promise.all([bundleBrowser(root, fresh), bundleCli(root, fresh)])
  writeFileSync(join(fresh, '.built'), '')
  // What was saved while this ran is newer than what was built.
  utimesSync(join(fresh, '.built'), started, started)
  try {
    renameSync(built, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(fresh, built)
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}
