// A reader that has seen enough (`| head -1`) is no error: every command ends quietly with 0.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tensor, writeWeights } from 'resnet-ts'
import { MAIN, resnetOutput } from '../support/run-cli.js'

const digit = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))
let folder: string
const at = (...names: string[]): string => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-pipe-'))
  await mkdir(at('many'))
  for (let i = 0; i < 40; i++) await copyFile(digit, at('many', `${i}.png`))
  await writeFile(at('many/a.png'), 'no image')
  await resnetOutput('init', 'cifar_resnet8', '--out', at('w.pth'))
  await writeWeights(at('x.pth'), new Map([['x', tensor(new Float32Array(3 * 32 * 32), [1, 3, 32, 32])]]))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs a command into a pipe that a reader closes: `head -1` after a line, `true` before anything is written. */
async function pipedInto(reader: string, args: readonly string[]): Promise<[code: number, stderr: string]> {
  const script = `set -o pipefail; "$@" | ${reader}`
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, MAIN, ...args])
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.resume()
  const [code] = (await once(child, 'close')) as [number]
  return [code, stderr]
}

const digits = ['--checkpoint', 'digits']
const small = ['cifar_resnet8', '--seed', '0']
const COMMANDS: Readonly<Record<string, () => string[]>> = {
  help: () => ['--help'],
  list: () => ['list'],
  print: () => ['print', 'resnet18'],
  summary: () => ['summary', 'resnet18'],
  compare: () => ['compare', 'resnet18', 'cifar_resnet8', '--input', '1,3,32,32', '--no-latency'],
  diagram: () => ['diagram', 'cifar_resnet8', '--out', at('d.svg')],
  init: () => ['init', 'cifar_resnet8', '--out', at('i.pth')],
  run: () => ['run', ...small, '--input', at('x.pth'), '--out', at('y.pth')],
  convert: () => ['convert', at('w.pth'), at('w.safetensors')],
  export: () => ['export', ...small, '--out', at('e.onnx')],
  predict: () => ['predict', at('many'), ...digits],
  'predict as JSON': () => ['predict', at('many'), ...digits, '--json'],
  explain: () => ['explain', digit, ...digits, '--out', at('explained.png')],
  eval: () => ['eval', 'digits', ...digits],
  'lr-find': () => ['lr-find', 'digits', '--model', 'cifar_resnet8', '--steps', '3'],
  bundle: () => ['bundle', '--out', at('bundle')],
  'explore into a folder': () => ['explore', '--out', at('page')]
}

describe('a closed pipe ends quietly with 0', () => {
  it.each(Object.entries(COMMANDS))('%s', async (_, args) => {
    for (const reader of ['true', 'head -1']) expect(await pipedInto(reader, args())).toEqual([0, ''])
  })

  // A reader of its one line, the address, ends nothing.
  it('explore, where nobody reads the address', async () => {
    const [code, stderr] = await pipedInto('true', ['explore', '--port', '0'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^(Ctrl\+C ends it\.\n)?$/)
  })
})
