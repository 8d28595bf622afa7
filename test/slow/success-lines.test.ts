// Every command that writes says in one last line where, how large it is, and what it is.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randn, writeWeights } from 'resnet-ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resnetOutput } from '../support/run-cli.js'

const DIGIT = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))
const SMALL = ['cifar_resnet8', '--seed', '0', '--num-classes', '2']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-lines-'))
  await writeWeights(join(folder, 'x.safetensors'), new Map([['x', randn([1, 3, 32, 32])]]))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the line of success', () => {
  it.each([
    [
      'init',
      ['init', ...SMALL],
      'init.safetensors',
      'cifar_resnet8 from seed 0, 44 tensors with 75,257 numbers'
    ],
    ['diagram', ['diagram', 'cifar_resnet8'], 'diagram.svg', 'cifar_resnet8, style layer'],
    [
      'export',
      ['export', ...SMALL],
      'net.onnx',
      'cifar_resnet8 (untrained weights of seed 0), input [3, 32, 32]'
    ],
    ['run', ['run', ...SMALL, '--input', 'x.safetensors'], 'y.safetensors', 'logits [1, 2]'],
    [
      'explain',
      ['explain', DIGIT, '--checkpoint', 'digits'],
      'cam.png',
      /digit\.png, 8 \(99\.\d\d %\), most at \d, \d$/
    ],
    [
      'explain --method filters',
      ['explain', '--method', 'filters', '--checkpoint', 'digits'],
      'filters.png',
      'conv1 of cifar_resnet20, 16 filters of 3 × 3'
    ],
    [
      'compare',
      ['compare', 'cifar_resnet8', 'cifar_resnet14', '--no-latency'],
      'compared.html',
      'cifar_resnet8 and cifar_resnet14, compared'
    ],
    [
      'gradient-flow',
      ['gradient-flow', '--depths', '8', '--data', 'digits', '--steps', '1'],
      'flow.html',
      'the charts'
    ]
  ])('of %s', async (_, args, out, what) => {
    const file = join(folder, out)
    const placed = args.map(arg => (arg === 'x.safetensors' ? join(folder, arg) : arg))
    const last = (await resnetOutput(...placed, '--out', file)).trimEnd().split('\n').at(-1) ?? ''
    const [, path, told] = /^(.+) \((?:\d+\.\d [kM]B|\d+ bytes)\): (.+)$/.exec(last) ?? []
    expect([last, path]).toEqual([last, file])
    expect(told).toMatch(what)
  })
})
