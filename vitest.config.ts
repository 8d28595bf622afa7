import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Tests in a folder that replace modules, globals or the environment, or measure their process's memory. */
function alone(folder: string): string[] {
  return readdirSync(here(folder), { recursive: true, encoding: 'utf8' })
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(name => name.endsWith('.test.ts'))
    .filter(name => /\bvi\.|memoryUsage/.test(readFileSync(here(`./${name}`), 'utf8')))
}

const UNIT = { include: ['src/**/*.test.ts'], alone: alone('src') }
const PACKAGE = {
  include: ['test/*.test.ts'],
  alone: alone('test').filter(name => !/\/(slow|browser)\//.test(name))
}

// Unit tests read the source.
const SOURCE = {
  alias: {
    '#platform': here('./src/platform/node.ts'),
    '#ort-workers': here('./src/runtime/node-ort-workers.ts'),
    '#loader-workers': here('./src/data/node-loader-workers.ts')
  }
}
const BUILT = { deps: { external: [/[\\/]dist[\\/]/] } }

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
        test: { name: 'unit', include: UNIT.include, exclude: UNIT.alone, isolate: false }
      },
      {
        extends: true,
        resolve: SOURCE,
        // In a process for each file, as they would leave something behind.
        test: { name: 'unit-alone', include: UNIT.alone }
      },
      {
        extends: true,
        // What of the page needs no browser; the library is the built one, as for the page.
        test: { name: 'explorer', include: ['apps/explorer/src/**/*.test.ts'], server: BUILT }
      },
      {
        extends: true,
        // What crosses folders reads the built package by its name, as its users do: loaded by Node, not transformed.
        test: {
          name: 'package',
          include: PACKAGE.include,
          exclude: PACKAGE.alone,
          isolate: false,
          server: BUILT
        }
      },
      {
        extends: true,
        test: { name: 'package-alone', include: PACKAGE.alone, server: BUILT }
      }
    ]
  }
})
