// Networks from the user's own files: trained, resumed and opened again from their checkpoints by the commands.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readImage, readWeights } from 'resnet-ts'
import { readPipeline } from 'resnet-ts/images'
import { readCheckpoint } from 'resnet-ts/train'
import { OWN_NETWORK } from '../support/own-network.js'
import { MAIN, resnet, resnetOutput } from '../support/run-cli.js'
import { bitsOf } from '../support/small-training.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const digit = join(root, 'assets/digit.png')

let folder: string
let file: string
const at = (...names: string[]): string => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-own-slow-'))
  await mkdir(at('node_modules'))
  await symlink(root, at('node_modules/resnet-ts'), 'junction')
  file = at('my-net.mjs')
  await writeFile(file, OWN_NETWORK)
})
afterAll(() => rm(folder, { recursive: true }))

describe('the commands', () => {
  const train = (name: string): string[] => [
    'train',
    'digits',
    '--model',
    file,
    '--epochs',
    '3',
    '--batch-size',
    '128',
    '--out',
    at(name)
  ]

  it.each([
    ["throw new Error('late')", 'Error: late'],
    ['Promise.reject()', 'threw undefined']
  ])('name the file when its timer fails: %s', async (code, fault) => {
    const late = at('late.mjs')
    await writeFile(late, `${OWN_NETWORK}; setTimeout(() => { ${code} }, 0)`)
    const { code: exit, stderr } = await resnet('summary', late)
    expect([exit, stderr]).toEqual([2, `resnet: ${late}: ${fault}\n`])
  })

  it('train a file, resume to the same bits, and open its checkpoints', async () => {
    const whole = resnetOutput(...train('whole'))
    const child = spawn(process.execPath, [MAIN, ...train('stopped')])
    const ended = new Promise(resolve => child.on('exit', resolve))
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    await resnetOutput(...train('stopped'), '--resume')
    await whole
    for (const name of ['last.safetensors', 'best.safetensors']) {
      const [found, expected] = await Promise.all(
        ['stopped', 'whole'].map(async run => bitsOf(await readWeights(at(run, name))))
      )
      expect(found).toEqual(expected)
    }
    const best = at('whole/best.safetensors')
    const { network } = await readCheckpoint(best)
    expect(network).toMatchObject({ model: 'my-net.mjs', file: { path: '../my-net.mjs', export: 'default' } })

    const own = ['--model', file, '--checkpoint', best]
    const measured = JSON.parse(await resnetOutput('eval', 'digits', ...own, '--json')) as { images: number }
    expect(measured.images).toBe(359)
    expect(JSON.parse(await resnetOutput('predict', digit, ...own, '--json'))).toHaveLength(1)
    expect(await resnetOutput('explain', digit, ...own, '--out', at('cam.png'))).toContain('cam.png')
    expect(await resnetOutput('summary', ...own)).toContain('3 = 1 (stem) + 1·1 + 1 (head)')
    const told = await resnetOutput('export', ...own, '--out', at('m.onnx'))
    expect(told).toMatch(/m\.onnx .*input \[1, 8, 8\], names of 10 classes\n$/)
    const { metadataProps } = fromBinary(ModelProtoSchema, await readFile(at('m.onnx')))
    const about = new Map(metadataProps.map(({ key, value }) => [key, JSON.parse(value) as unknown]))
    expect(about.get('resnet-ts.classes')).toEqual(Array.from('0123456789'))
    expect(about.get('resnet-ts.inputSize')).toEqual([1, 8, 8])
    expect(about.get('resnet-ts.model')).toEqual(expect.any(String))
    expect(about.get('resnet-ts.origin')).toEqual(expect.any(String))
    const prepare = readPipeline(about.get('resnet-ts.transforms'))
    expect(prepare.transforms).toEqual(network.transforms)
    expect(prepare(await readImage(digit)).shape).toEqual([1, 8, 8])
    const unnamed = await resnet('eval', 'digits', '--checkpoint', best)
    expect([unnamed.code, unnamed.stderr.trimEnd().split('\n').length]).toEqual([2, 1])
  })

  it('go on with a file that was moved, and not with one that was changed', async () => {
    const moved = at('elsewhere.mjs')
    const args = ['--epochs', '1', '--batch-size', '256', '--out', at('moved')]
    await writeFile(moved, OWN_NETWORK)
    await resnetOutput('train', 'digits', '--model', moved, ...args)
    await mkdir(at('deeper'))
    await rename(moved, at('deeper/elsewhere.mjs'))
    const there = ['train', 'digits', '--model', at('deeper/elsewhere.mjs'), ...args, '--resume']
    await resnetOutput(...there)
    await writeFile(at('deeper/elsewhere.mjs'), `${await readFile(file, 'utf8')}// changed`)
    const { code, stderr } = await resnet(...there)
    expect(code).toBe(2)
    expect(stderr).toContain('is of another run: the code in elsewhere.mjs has changed')
    const best = at('moved/best.safetensors')
    const seen = await resnet('print', at('deeper/elsewhere.mjs'), '--checkpoint', best)
    expect(seen.code).toBe(0)
    expect(seen.stderr).toMatch(/elsewhere\.mjs has changed since .*best\.safetensors was saved\n$/)
  })
})
