// Builds the explorer's page into dist/explorer/ from the built library, in a temporary folder that is then renamed.
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../', import.meta.url))
const [fresh, old] = ['', 'old-'].map(kind => join(root, `.dist-explorer-${kind}${process.pid}`))
const built = join(root, 'dist/explorer')
const marker = join(root, 'dist/.built-explorer')
const started = new Date()
// Always a production build, with the service worker, even when a test runs this script.
process.env.NODE_ENV = 'production'

try {
  await build({
    configFile: join(root, 'apps/explorer/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: fresh }
  })
  try {
    renameSync(built, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(fresh, built)
  writeFileSync(marker, '')
  // Sources that were saved during the build count as newer.
  utimesSync(marker, started, started)
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}
