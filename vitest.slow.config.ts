import { defineConfig } from 'vitest/config'

// What takes long, or needs much memory: one file at a time, with time to spare.
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    // A page in software rendering may be busy for longer than the default of a second.
    expect: { poll: { timeout: 10_000 } },
    server: { deps: { external: [/[\\/]dist[\\/]/] } }
  }
})
