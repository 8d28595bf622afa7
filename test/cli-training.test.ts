// The commands that train networks and use them: their files, output and errors.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resnet, resnetOutput } from './support/run-cli.js'

let folder: string
const digit = fileURLToPath(new URL('../assets/digit.png', import.meta.url))
const QUICK = ['digits', '--model', 'cifar_resnet8', '--batch-size', '128', '--schedule', 'onecycle']
const at = (...names: string[]): string => join(folder, ...names)
const lines = (text: string): string[] => text.split('\n').filter(line => line !== '')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-training-'))
  await mkdir(at('empty'))
  await mkdir(at('one', 'only'), { recursive: true })
  for (const name of ['a.png', 'b.png']) await writeFile(at('one/only', name), await readFile(digit))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the network that comes with the package', () => {
  it('classifies digits that it was not trained on', async () => {
    expect(await resnetOutput('predict', digit, '--checkpoint', 'digits', '--top', '1')).toMatch(/%  8\n$/)
    const held = JSON.parse(await resnetOutput('eval', 'digits', '--checkpoint', 'digits', '--json')) as {
      images: number
      accuracy: number
      confusion: number[][]
    }
    expect(held.images).toBe(359)
    expect(held.accuracy).toBeGreaterThanOrEqual(0.98)
    expect(held.confusion.flat().reduce((sum, count) => sum + count)).toBe(359)
    const text = await resnetOutput('eval', 'digits', '--checkpoint', 'digits', '--part', 'all')
    expect(text).toContain('on all images of digits: 1,797')
  })
})

describe('resnet lr-find', () => {
  it('reports that training diverged', async () => {
    const text = await resnetOutput('lr-find', ...QUICK.slice(0, 5), '--from', '1e30', '--to', '1e31')
    expect(text).toContain('Training broke down at the first rate: try lower rates with --from')
  })
})

describe('a mistake', () => {
  it('such as one class follows the line that says what was found', async () => {
    const { code, stdout, stderr } = await resnet('train', at('one'))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(lines(stderr)).toEqual([
      expect.stringContaining('one: 1 class, '),
      expect.stringContaining('class')
    ])
  })

  it.each([
    [
      'images that are none',
      () => ['predict', at('empty'), '--checkpoint', 'digits'],
      'empty: has no images'
    ],
    ['a name to freeze', () => ['train', ...QUICK, '--freeze', 'layer9'], 'layer9'],
    ['a rate that breaks training', () => ['train', ...QUICK, '--lr', '1e30', '--out', at('nan')], 'Step '],
    ['a folder in the way of a file', () => ['train', ...QUICK, '--out', digit], 'is not a folder']
  ])('such as %s is one line and exit code 2', async (_, args, named) => {
    const { code, stdout, stderr } = await resnet(...args())
    expect({ code, stdout, lines: lines(stderr).length }).toEqual({ code: 2, stdout: '', lines: 1 })
    expect(stderr).toContain(named)
  })
})
