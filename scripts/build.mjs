// Compiles src/ into dist/ and bundles it for the command line and for pages. The build is written to a temporary folder
// and then renamed, so that running processes keep the old one.
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
  // Sources that were saved during the build count as newer.
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
