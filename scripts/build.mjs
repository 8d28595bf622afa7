// Compiles src/ into dist/ and bundles it for the command line and for pages. The build is written to a temporary
// folder and then renamed, so that running processes keep the old one.
import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleBrowser } from './bundle-browser.mjs'
import { bundleCli } from './bundle-cli.mjs'
import { nameClasses } from './name-classes.mjs'
import { writeUplot } from './write-uplot.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const [built, fresh, old] = ['dist', `.dist-${process.pid}`, `.dist-old-${process.pid}`].map(name =>
  join(root, name)
)

const started = new Date()

try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit'
  })
  nameClasses(fresh)
  writeUplot(root, fresh)
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
} catch (error) {
  process.exitCode = error.status ?? 1
  if (error.status === undefined) throw error
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}
