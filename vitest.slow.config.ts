import { defineConfig } from 'vitest/config'

/** What mostly waits for processes of one thread, so that two files at once take little more time than one. */
const TOGETHER = [
  'cli-*',
  'closed-pipe',
  'docs',
  'engine-shutdown',
  'examples',
  'fuzz',
  'hostile-names',
  'normalisations',
  'own-files',
  'relatives',
  'resume*',
  'run-lock',
  'training'
].map(name => `test/slow/${name}.test.ts`)

// What takes long, or needs much memory.
export default defineConfig({
  test: {
    testTimeout: 600_000,
    hookTimeout: 600_000,
    setupFiles: ['./test/equal-bytes.ts'],
    // A page in software rendering may be busy for longer than the default of a second.
    expect: { poll: { timeout: 10_000 } },
    server: { deps: { external: [/[\\/]dist[\\/]/] } },
    projects: [
      {
        extends: true,
        test: { name: 'together', include: TOGETHER, maxWorkers: 2, sequence: { groupOrder: 0 } }
      },
      {
        extends: true,
        // What measures time or memory, draws pages, or replaces dist/: one file at a time.
        test: {
          name: 'alone',
          include: ['test/slow/**/*.test.ts'],
          exclude: TOGETHER,
          maxWorkers: 1,
          sequence: { groupOrder: 1 }
        }
      }
    ]
  }
})
