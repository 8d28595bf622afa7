import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Unit tests that replace modules, globals or the environment, or measure their process's memory. */
const ALONE = readdirSync(here('./src'), { recursive: true, encoding: 'utf8' })
  .map(name => `src/${name.replaceAll('\\', '/')}`)
  .filter(name => name.endsWith('.test.ts'))
  .filter(name => /\bvi\.|memoryUsage/.test(readFileSync(here(name), 'utf8')))

// Unit tests read the source.
const SOURCE = {
  alias: {
    '#platform': here('./src/platform/node.ts'),
    '#ort-workers': here('./src/runtime/node-ort-workers.ts'),
    '#loader-workers': here('./src/data/node-loader-workers.ts')
  }
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    setupFiles: [here('./test/equal-bytes.ts')],
    projects: [
      {
        extends: true,
        resolve: SOURCE,
        // A worker keeps what it has loaded from file to file, which saves a third of their time.
        test: { name: 'unit', include: ['src/**/*.test.ts'], exclude: ALONE, isolate: false }
      },
      {
        extends: true,
        resolve: SOURCE,
        // In a process for each file, as they would leave something behind.
        test: { name: 'unit-alone', include: ALONE }
      },
      {
        extends: true,
        // What of the page needs no browser; the library is the built one, as for the page.
        test: {
          name: 'explorer',
          include: ['apps/explorer/src/**/*.test.ts'],
          server: { deps: { external: [/[\\/]dist[\\/]/] } }
        }
      },
      {
        extends: true,
        // What crosses folders reads the built package by its name, as its users do: loaded by Node, not transformed.
        test: {
          name: 'package',
          include: ['test/**/*.test.ts'],
          exclude: ['test/slow/**', 'test/browser/**'],
          server: { deps: { external: [/[\\/]dist[\\/]/] } }
        }
      }
    ]
  }
})
