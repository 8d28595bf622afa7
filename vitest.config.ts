import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // Unit tests read the source.
        resolve: {
          alias: {
            '#platform': here('./src/platform/node.ts'),
            '#ort-workers': here('./src/runtime/node-ort-workers.ts'),
            '#loader-workers': here('./src/data/node-loader-workers.ts')
          }
        },
        test: { name: 'unit', include: ['src/**/*.test.ts'] }
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
