// Runs every example as a reader would, and checks its output.
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs an example and returns its output. */
async function run(name: string): Promise<string> {
  const args = ['--import', 'tsx', `examples/${name}`]
  const env = { ...process.env, TSX_TSCONFIG_PATH: 'examples/tsconfig.json' }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
  return stdout
}

/** Checks of each example's output. */
const PROMISES: Readonly<Record<string, (printed: string) => void>> = {
  'lift-layers.ts': printed => {
    const shares = Array.from(printed.matchAll(/layers, .*: +(\d+\.\d) %/gu), ([, share]) => Number(share))
    const [lifted, random, whole] = shares
    expect(shares, printed).toHaveLength(3)
    expect(lifted, printed).toBeGreaterThan(90)
    expect(lifted, printed).toBeGreaterThan(random + 5)
    expect(whole, printed).toBeGreaterThan(random)
  }
}

describe('examples', async () => {
  const names = (await readdir(`${root}/examples`)).filter(name => /\.(ts|mjs)$/u.test(name))

  it('each have a check', () => expect(names).toEqual(Object.keys(PROMISES)))

  it.each(Object.entries(PROMISES))('%s', async (name, check) => {
    check(await run(name))
  })
})
