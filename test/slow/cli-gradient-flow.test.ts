// `resnet gradient-flow`: its output, its files and its errors.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FlowComparison } from 'resnet-ts/explain'
import { MAIN, resnet, resnetOutput } from '../support/run-cli.js'
import { writePhotos } from '../support/photos.js'

let folder: string
const at = (...names: string[]): string => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-flow-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('resnet gradient-flow', () => {
  it('prints only JSON with --json, and writes the page', async () => {
    const out = at('page.html')
    const args = ['gradient-flow', '--depths', '8', '--steps', '4', '--every', '2', '--zero-init-residual']
    const { code, stdout, stderr } = await resnet(...args, '--json', '--out', out)
    expect([code, stderr]).toEqual([0, ''])
    const { twins, ...rest } = JSON.parse(stdout) as FlowComparison
    expect(rest).toEqual({ steps: 4, stepsPerEpoch: 22, classes: 10, finished: true })
    const [{ name, plain, residual, zeroInit }] = twins
    expect([name, plain.blocks, residual.blocks]).toEqual([
      'cifar_resnet8',
      [],
      ['layer1.0', 'layer2.0', 'layer3.0']
    ])
    expect(plain.layers).toEqual(residual.layers)
    for (const flow of [plain, residual, zeroInit]) {
      expect(flow?.losses).toHaveLength(4)
      expect(flow?.samples.map(({ after }) => after)).toEqual([0, 2, 3])
      expect(flow?.heldOut.map(({ after }) => after)).toEqual([4])
    }
    expect(zeroInit?.samples[0].blocks.map(({ ratio }) => ratio)).toEqual([0, 0, 0])
    const page = await readFile(out, 'utf8')
    expect(page).toContain('F(x) = 0 in all 3 blocks at the start')
    expect(page).toContain('resnet gradient-flow --depths 8 --steps 4')
    expect(page).not.toMatch(/<script src|<link|@import/)
  })

  it('prints its findings for a model by name and photographs', async () => {
    await writePhotos(at('photos'))
    const args = ['--data', at('photos'), '--image-size', '16', '--batch-size', '8', '--augment', 'none']
    const text = await resnetOutput(
      'gradient-flow',
      'cifar_resnet14',
      ...args,
      '--epochs',
      '1',
      '--out',
      at('p.html')
    )
    expect(text).toMatch(/^cifar_resnet14 (plain|residual): loss \d\.\d{4} {3}held out \d+\.\d %\n/)
    expect(text).toContain('2 steps show how networks start, not yet how they learn.')
    expect(text).toContain('In the plain network the gradient that reaches conv1 is ')
    expect(text.split('\n').at(-2)).toMatch(/p\.html \(\d+\.\d kB\): the charts$/)
  })

  it('prints partial results on Ctrl-C', async () => {
    const out = at('stopped.html')
    const child = spawn(process.execPath, [
      MAIN,
      'gradient-flow',
      '--depths',
      '8,56',
      '--epochs',
      '2',
      '--out',
      out
    ])
    const ended = new Promise(resolve => child.on('exit', resolve))
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(complaint).toContain('stopped early: what was recorded is kept')
    expect(await readFile(out, 'utf8')).toContain('Training was stopped: ')
  })
})
