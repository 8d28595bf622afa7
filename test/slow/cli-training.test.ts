// The commands that train networks, for longer: stopped and resumed, on folders of images, and from other weights.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWeights } from 'resnet-ts'
import { parseMetricsLines, readCheckpoint } from 'resnet-ts/train'
import { MAIN, resnet, resnetOutput } from '../support/run-cli.js'
import { bitsOf } from '../support/small-training.js'

let folder: string
const QUICK = ['digits', '--model', 'cifar_resnet8', '--batch-size', '128', '--schedule', 'onecycle']
const at = (...names: string[]): string => join(folder, ...names)
const lines = (text: string): string[] => text.split('\n').filter(line => line !== '')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-training-slow-'))
  // Three classes of images, of different sizes.
  const kinds = { blue: [20, 30, 220], green: [20, 200, 40], red: [220, 20, 30] } as const
  for (const [kind, [r, g, b]] of Object.entries(kinds)) {
    await mkdir(at('photos', kind), { recursive: true })
    for (let i = 0; i < 8; i++) {
      const create = {
        width: 20 + 3 * i,
        height: 24 + i,
        channels: 3,
        background: { r: r - i, g, b }
      } as const
      await sharp({ create })
        .png()
        .toFile(at('photos', kind, `${i}.png`))
    }
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('resnet train', () => {
  it('starts from scratch if there is nothing to resume', async () => {
    const { code, stderr } = await resnet(
      'train',
      ...QUICK,
      '--epochs',
      '1',
      '--out',
      at('fresh'),
      '--resume'
    )
    expect(code).toBe(0)
    expect(stderr).toContain('holds no checkpoint to resume: starting from the beginning')
  })

  it('writes checkpoints, metrics and a report, and prints one line per epoch', async () => {
    const out = at('run')
    const text = await resnetOutput('train', ...QUICK, '--epochs', '3', '--out', out)
    expect(text).toMatch(
      /^epoch 1\/3 .*\nepoch 2\/3 .*\nepoch 3\/3 .*\n.*best\.safetensors \(\d+\.\d kB\): the best, \d+\.\d % after epoch \d; the report is .*report\.html\n$/
    )
    expect((await readdir(out)).sort()).toEqual([
      'best.safetensors',
      'last.safetensors',
      'metrics.jsonl',
      'previous.safetensors',
      'report.html'
    ])
    const records = parseMetricsLines(await readFile(join(out, 'metrics.jsonl'), 'utf8'))
    expect(records.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 11],
      [2, 22],
      [3, 33]
    ])
    expect(records[2].validation?.accuracy).toBeGreaterThan(0.85)
    expect(Object.keys(records[0].gradientNorms ?? {})).toContain('layer3.0.conv2.weight')
    const report = await readFile(join(out, 'report.html'), 'utf8')
    expect(report).toContain('resnet train digits --model cifar_resnet8')
    expect(report).not.toMatch(/https?:\/\//)
    const { network, progress } = await readCheckpoint(join(out, 'last.safetensors'))
    expect(network).toMatchObject({ model: 'cifar_resnet8', data: { path: 'digits' } })
    expect(progress).toMatchObject({ steps: 33, position: { epoch: 3, batch: 0 } })

    // An existing run is not overwritten, and resuming a finished one changes nothing.
    const again = await resnet('train', ...QUICK, '--epochs', '3', '--out', out)
    expect(again.code).toBe(2)
    expect(again.stderr).toMatch(/already holds a run; --resume/)
    const other = await resnet(
      'train',
      ...QUICK,
      '--lr',
      '0.03',
      '--clip-norm',
      '2',
      '--out',
      out,
      '--resume'
    )
    expect(other).toMatchObject({ code: 2 })
    for (const change of [/ lr was not given, now 0\.03; /, / clipNorm was not given, now 2; /])
      expect(other.stderr).toMatch(change)
    expect((await resnet('train', ...QUICK, '--epochs', '3', '--out', out, '--resume')).code).toBe(0)
  })

  it('computes bit-identical weights for any number of workers; --json prints only JSON', async () => {
    const weights = await Promise.all(
      ['0', '2'].map(async workers => {
        const out = at(`workers-${workers}`)
        const args = [...QUICK, '--epochs', '1', '--out', out, '--workers', workers, '--json']
        const result = JSON.parse(await resnetOutput('train', ...args)) as { epochs: unknown[] }
        expect(result.epochs).toHaveLength(1)
        return bitsOf(await readWeights(join(out, 'last.safetensors')))
      })
    )
    expect(weights[1]).toEqual(weights[0])
  })

  it('saves on Ctrl-C, and resumes to the weights of an uninterrupted run', async () => {
    const args = [...QUICK, '--epochs', '3', '--ema', '0.9', '--seed', '4']
    const whole = resnetOutput('train', ...args, '--out', at('whole'))
    const child = spawn(process.execPath, [MAIN, 'train', ...args, '--out', at('stopped')])
    const code = new Promise(resolve => child.on('exit', resolve))
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill('SIGINT')
    expect(await code).toBe(130)
    expect(complaint).toContain('stopped and saved')
    await resnetOutput('train', ...args, '--out', at('stopped'), '--resume')
    await whole
    for (const name of ['last.safetensors', 'best.safetensors']) {
      const [found, expected] = await Promise.all(
        ['stopped', 'whole'].map(async run => bitsOf(await readWeights(at(run, name))))
      )
      expect(found).toEqual(expected)
    }
  })

  it('trains on folders of images, names their classes, and skips unreadable files on request', async () => {
    const args = ['--model', 'cifar_resnet8', '--image-size', '16', '--batch-size', '6', '--lr', '0.02']
    const train = ['train', at('photos'), ...args, '--augment', 'none', '--epochs', '8']
    await resnetOutput(...train, '--out', at('colours'))
    const best = at('colours/best.safetensors')
    const answer = await resnetOutput('predict', at('photos/green/3.png'), '--checkpoint', best, '--json')
    expect((JSON.parse(answer) as { top: { label: string }[] }[])[0].top[0].label).toBe('green')
    const measured = JSON.parse(
      await resnetOutput('eval', at('photos'), '--checkpoint', best, '--part', 'all', '--json')
    ) as { images: number; accuracy: number }
    expect(measured).toMatchObject({ images: 24 })
    expect(measured.accuracy).toBeGreaterThan(0.9)

    await mkdir(at('photos/red'), { recursive: true })
    await writeFile(at('photos/red/broken.png'), 'no picture')
    const fatal = await resnet(...train, '--out', at('broken'))
    expect(fatal).toMatchObject({ code: 2 })
    const [found, error, ...others] = lines(fatal.stderr)
    expect(found).toMatch(/photos: 3 classes, 25 images$/)
    expect(error).toContain('broken.png')
    expect(others).toEqual([])
    const skipped = await resnet(...train, '--out', at('skipping'), '--on-corrupt', 'skip')
    expect(skipped.code).toBe(0)
    expect(skipped.stderr).toMatch(/skipped .*broken\.png/)
    await rm(at('photos/red/broken.png'))
  })

  it('starts from weights for other classes, and keeps frozen layers unchanged', async () => {
    const source = at('colours/best.safetensors')
    await mkdir(at('two'), { recursive: true })
    for (const kind of ['blue', 'red']) {
      await mkdir(at('two', kind))
      for (const i of [0, 1, 2, 3]) {
        await writeFile(at('two', kind, `${i}.png`), await readFile(at('photos', kind, `${i}.png`)))
      }
    }
    const args = ['--model', 'cifar_resnet8', '--image-size', '16', '--batch-size', '6', '--epochs', '1']
    const freeze = ['--weights', source, '--freeze', 'conv1,bn1,layer1']
    await resnetOutput('train', at('two'), ...args, ...freeze, '--out', at('tuned'))
    const [before, after] = await Promise.all(
      [source, at('tuned/best.safetensors')].map(each => readWeights(each))
    )
    expect(after.get('fc.weight')?.shape).toEqual([2, 64])
    const [old, fresh] = [bitsOf(before), bitsOf(after)]
    const same = Object.keys(fresh).filter(name => fresh[name] === old[name])
    expect(same.filter(name => !/^(conv1|bn1|layer1)\./.test(name))).toEqual([])
    expect(same.length).toBe(Object.keys(fresh).filter(name => /^(conv1|bn1|layer1)\./.test(name)).length)
  })
})

describe('resnet lr-find', () => {
  it('plots the losses and suggests a learning rate', async () => {
    const args = ['lr-find', ...QUICK.slice(0, 5), '--steps', '40']
    const text = await resnetOutput(...args)
    expect(text).toContain('smoothed loss')
    const [, rate] = /Begin with --lr ([\d.]+),/.exec(text) ?? []
    expect(Number(rate)).toBeGreaterThan(1e-3)
    expect(Number(rate)).toBeLessThan(10)
  })
})
