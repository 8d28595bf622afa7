// A short run of the fuzzer: damaged files of every format are read or refused by a typed error, and soon.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const TSX = createRequire(import.meta.url).resolve('tsx/cli')
const FUZZ = fileURLToPath(new URL('../../tools/fuzz/run.ts', import.meta.url))

function fuzz(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [TSX, FUZZ, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise(resolve => child.on('close', code => resolve({ code, output })))
}

it('finds nothing in forty seconds', async () => {
  const { code, output } = await fuzz('--seconds', '40', '--seed', '7')
  const [header, ...rows] = output.trimEnd().split('\n')
  expect(header, output).toMatch(/^format +inputs +read +refused +untyped +slow +silent +hung$/)
  expect(code, output).toBe(0)
  expect(rows.length).toBeGreaterThan(10)
  // Each format is reached, and both ends of its reader are.
  for (const row of rows) {
    const [name, inputs, read, refused] = row.split(/ {2,}/)
    expect(Number(inputs.replaceAll(',', '')), name).toBeGreaterThan(50)
    expect(Number(refused.replaceAll(',', '')), name).toBeGreaterThan(10)
    if (name !== 'checkpoint-digest') expect(Number(read.replaceAll(',', '')), name).toBeGreaterThan(0)
  }
})

it('tries the same input again', async () => {
  const args = ['--format', 'safetensors', '--seed', '3', '--from', '11', '--inputs', '20']
  const [first, second] = [await fuzz(...args), await fuzz(...args)]
  expect(first.output).toMatch(/^safetensors +20 /m)
  expect(second).toEqual(first)
})

it('names what it does not know', async () => {
  expect((await fuzz('--format', 'jpeg2000')).code).toBe(2)
  expect((await fuzz('--seconds', 'long')).code).toBe(2)
})
