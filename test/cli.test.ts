// The command line as a process: what it prints, and that every mistake is one line and exit code 2.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { resnet18, resnet50 } from 'resnet-ts'
import { MODELS, vgg11_bn, type ModelEntry } from 'resnet-ts/models'
import { MAIN, resnet, resnetOutput } from './support/run-cli.js'

const photo = fileURLToPath(new URL('../assets/cat.jpg', import.meta.url))

describe('resnet list', () => {
  it('lists every model, as text and as JSON', async () => {
    const text = await resnetOutput('list')
    expect(text).toMatch(/^resnet50 +25,557,032 +4\.089 +76\.130 \(V1\) +80\.858 \(V2\)$/m)
    const models = JSON.parse(await resnetOutput('list', '--json')) as { model: string }[]
    const listed = Object.entries<ModelEntry>(MODELS).filter(([, { group }]) => group !== 'timm')
    expect(models.map(({ model }) => model)).toEqual(listed.map(([name]) => name))
    expect(text).toMatch(/^\d+ more networks of timm: resnet list --all$/m)
    expect(models[0]).toMatchObject({
      model: 'resnet18',
      parameters: 11689512,
      gmacs: 1.814,
      weights: [{ name: 'IMAGENET1K_V1', top1: 69.758 }]
    })
  })
})

describe('resnet print', () => {
  it('prints what the library prints', async () => {
    for (const [name, build] of Object.entries({ resnet18, resnet50, vgg11_bn })) {
      expect(await resnetOutput('print', name)).toBe(`${String(build())}\n`)
    }
    expect(await resnetOutput('print', 'resnet18', '--num-classes', '7')).toContain('out_features=7')
    expect(await resnetOutput('print', 'resnet18', '--style', 'torch-1.0')).toContain('ReLU(inplace)')
  })
})

describe('resnet summary', () => {
  it('spells out the layer count and totals', async () => {
    const text = await resnetOutput('summary', 'resnet50')
    expect(text).toContain('50 = 1 + (3+4+6+3)·3 + 1')
    expect(text).toContain('Multiply-adds: 4,089,184,256 (4.089 G)')
    const small = await resnetOutput('summary', 'resnet18', '--input', '2,3,64,64', '--json')
    expect(JSON.parse(small)).toMatchObject({
      model: 'resnet18',
      layers: { total: 18 },
      inputShape: [2, 3, 64, 64]
    })
  })
})

describe('help', () => {
  it.each([
    'list',
    'print',
    'summary',
    'diagram',
    'compare',
    'init',
    'run',
    'predict',
    'convert',
    'export',
    'train',
    'eval',
    'lr-find'
  ])('of %s has an example', async name => {
    const { code, stdout, stderr } = await resnet(name, '--help')
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  \\$ resnet ${name}`))
    expect([code, stderr]).toEqual([0, ''])
    if (name !== 'train') return
    const text = stdout.replace(/\s+/g, ' ')
    expect(text).toContain("outputs of the network (default: the data's classes)")
    expect(text).toContain('(default: resized-crop,flip for folders')
    expect(text).toContain('read and augment images (default: 1)')
  })
})

// What is said of each mistake is src/cli/mistakes.test.ts's; here it is a process that ends.
describe('a mistake is one line and exit code 2', () => {
  it.each([
    ['an unknown command', ['prnt'], "unknown command 'prnt'"],
    ['an unknown model', ['print', 'resnet19'], "There is no model 'resnet19'"],
    ['a missing image', ['predict', 'nope.jpg', '--seed', '0'], 'nope.jpg: no such file'],
    ['missing weights', ['predict', photo, '--weights', 'nope.pth'], 'nope.pth: no such file']
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await resnet(...args)
    expect(stderr).toMatch(/^resnet: [^\n]*\n$/)
    expect(stderr).toContain(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  describe.skipIf(process.platform !== 'linux')('also if the disk is full', () => {
    const told = 'resnet: the output cannot be written: no space left on device\n'
    const written = async (...args: string[]): Promise<readonly [code: number, stderr: string]> => {
      const child = spawn('sh', ['-c', '"$@" > /dev/full', 'sh', process.execPath, MAIN, ...args])
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const [code] = (await once(child, 'close')) as [number]
      return [code, stderr]
    }

    it('of a network', async () => {
      expect(await written('print', 'resnet50')).toEqual([2, told])
    })

    it('and there is another mistake to report', async () => {
      expect(await written('predict', 'nope.jpg', photo, '--seed', '0')).toEqual([2, told])
    })
  })
})
