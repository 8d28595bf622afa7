// Commands that draw, compare and print models and the networks of users' files.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cifar_resnet8, drawDiagram } from 'resnet-ts'
import type { NetworkComparison } from 'resnet-ts/inspect'
import { resnet, resnetOutput } from '../support/run-cli.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let file: string
/** A folder outside any package. */
let nowhere: string

const MINE = `
import { add, Conv2d, Gated, Linear, Module, relu, Sequential, Sigmoid } from 'resnet-ts'
import { mean } from 'resnet-ts/functional'
export class Mine extends Module {
  stem = new Conv2d(3, 4, 3, { padding: 1 })
  gate = new Gated(new Sequential(new Conv2d(4, 4, 1), new Sigmoid()))
  head = new Linear(4, 2)
  forward(x) {
    const y = this.stem(x)
    return this.head(mean(add(relu(this.gate(y)), y), [2, 3]))
  }
}
export default Mine
export const instance = new Mine()
export const later = async () => new Mine()
export const vector = new Linear(5, 2)
export const number = 3
export const broken = () => { throw new TypeError('no such thing') }
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-diagram-'))
  nowhere = await mkdtemp(join(tmpdir(), 'resnet-ts-nowhere-'))
  await writeFile(join(nowhere, 'net.mjs'), 'export default 1')
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules/resnet-ts'), 'junction')
  file = join(folder, 'mine.mjs')
  await writeFile(file, MINE)
  await writeFile(join(folder, 'shaped.mjs'), `${MINE}\nexport const inputShape = [1, 3, 8, 8]`)
  await writeFile(join(folder, 'misshapen.mjs'), `${MINE}\nexport const inputShape = '3,8,8'`)
  await writeFile(join(folder, 'faulty.mjs'), 'export default {')
  await writeFile(join(folder, 'typed.ts'), 'export default 1 as number')
  await mkdir(join(folder, 'bare'))
  await mkdir(join(folder, 'old/node_modules/resnet-ts'), { recursive: true })
  await writeFile(
    join(folder, 'old/node_modules/resnet-ts/package.json'),
    '{ "type": "module", "exports": "./i.js" }'
  )
  await writeFile(join(folder, 'old/node_modules/resnet-ts/i.js'), 'export class Module {}')
  await writeFile(join(folder, 'old/net.mjs'), 'export default 1')
})
afterAll(() => Promise.all([folder, nowhere].map(each => rm(each, { recursive: true }))))

describe('resnet diagram', () => {
  it.each(['layer', 'stage', 'block', 'plain-vs-residual'])('writes %s as SVG', async style => {
    const out = join(folder, `${style}.svg`)
    await resnetOutput('diagram', 'cifar_resnet8', '--style', style, '--out', out)
    expect(await readFile(out, 'utf8')).toBe(
      drawDiagram(cifar_resnet8(), { style: style as 'layer', input: [1, 3, 32, 32], name: 'cifar_resnet8' })
    )
  })

  it('says of a PNG which characters it lacks the glyphs for, and writes them into an SVG', async () => {
    const net = join(folder, 'named.mjs')
    await writeFile(net, `${MINE.replaceAll('stem', '卷积')}\nexport const inputShape = [1, 3, 8, 8]`)
    const drawn = (name: string) => resnet('diagram', net, '--style', 'layer', '--out', join(folder, name))
    const missing = 'the font of PNG files has no glyphs for 卷积; the SVG shows them: --out X.svg'
    expect(await drawn('named.png')).toMatchObject({ code: 0, stderr: `resnet: ${missing}\n` })
    expect(await drawn('named.svg')).toMatchObject({ code: 0, stderr: '' })
    expect(await readFile(join(folder, 'named.svg'), 'utf8')).toContain('>卷积<')
  })

  it('writes a PNG, light by default, and a page', async () => {
    const ground = async (...args: string[]): Promise<number[]> => {
      const out = join(folder, 'd.png')
      await resnetOutput('diagram', 'cifar_resnet8', '--style', 'block', '--out', out, ...args)
      return [...(await sharp(out).raw().toBuffer()).subarray(0, 3)]
    }
    expect(await ground()).toEqual([255, 255, 255])
    expect(await ground('--theme', 'dark')).toEqual([0x14, 0x17, 0x1b])
    const page = join(folder, 'd.html')
    await resnetOutput('diagram', 'resnet18', '--plain', '--num-classes', '7', '--out', page)
    const html = await readFile(page, 'utf8')
    expect(html).toContain('linear, 7')
    expect(html).not.toContain('class="join"')
  })

  it('draws whatever a file exports', async () => {
    const out = join(folder, 'mine.svg')
    for (const name of ['default', 'instance', 'later']) {
      await resnetOutput('diagram', file, '--export', name, '--input', '1,3,8,8', '--out', out)
      const svg = await readFile(out, 'utf8')
      expect(svg).toContain('>Mine</text>')
      expect(svg.match(/class="join"/g)).toHaveLength(2)
    }
    await resnetOutput('diagram', file, '--export', 'vector', '--input', '1,5', '--out', out)
    expect(await readFile(out, 'utf8')).toContain('linear, 2')
    await resnetOutput('diagram', join(folder, 'shaped.mjs'), '--style', 'block', '--out', out)
  })
})

describe('resnet compare', () => {
  it('compares files and models', async () => {
    const out = join(folder, 'c.html')
    const args = ['compare', file, 'cifar_resnet8', '--input', '1,3,32,32']
    const { a, b, ratios } = JSON.parse(
      await resnetOutput(...args, '--runs', '2', '--json', '--out', out)
    ) as NetworkComparison
    expect([a.name, b.name, a.parameters]).toEqual([file, 'cifar_resnet8', 142])
    expect([a.latency?.runs, b.latency?.runs]).toEqual([2, 2])
    expect(ratios.parameters).toBe(75_290 / 142)
    expect(await readFile(out, 'utf8')).toContain('Latency, CPU (ms)')
    const table = await resnetOutput(...args, '--no-latency')
    expect(table).toMatch(/^Parameters +142 +75,290 +530\.21×$/m)
    expect(table).not.toContain('Latency')
    const two = await resnetOutput(
      'compare',
      file,
      file,
      '--export',
      'instance,later',
      '--input',
      '1,3,8,8',
      '--no-latency'
    )
    expect(two).toMatch(/mine\.mjs instance .*mine\.mjs later/)
  })
})

describe('print and summary', () => {
  it('accept a file, too', async () => {
    expect(await resnetOutput('print', file)).toMatch(/^Mine\(\n {2}\(stem\): Conv2d\(3, 4/)
    const { parameters, layers } = JSON.parse(
      await resnetOutput('summary', join(folder, 'shaped.mjs'), '--json')
    ) as {
      parameters: number
      layers: { total: number }
    }
    // The stem and the head; the convolution in the gate does not count.
    expect([parameters, layers.total]).toEqual([142, 2])
  })
})

describe('a mistake is one line and exit code 2', () => {
  it.each<[string, (file: (name: string) => string) => string[], RegExp]>([
    ['a file that is not there', at => ['print', at('gone.mjs')], /gone\.mjs: no such file/],
    ['a folder', at => ['print', at('bare')], /bare: is a folder, not a file/],
    [
      'no such export',
      at => ['print', at('mine.mjs'), '--export', 'nope'],
      /no export 'nope'; it has Mine, .*option export/
    ],
    [
      'an export of something else',
      at => ['print', at('mine.mjs'), '--export', 'number'],
      /'number' is no Module/
    ],
    [
      'an export that throws',
      at => ['print', at('mine.mjs'), '--export', 'broken'],
      /TypeError: no such thing/
    ],
    ['a file that is no JavaScript', at => ['print', at('faulty.mjs')], /faulty\.mjs: SyntaxError/],
    [
      'no input',
      at => ['summary', at('mine.mjs')],
      /Give --input 1,3,224,224, or let the file export inputShape/
    ],
    [
      'a wrong inputShape',
      at => ['print', at('misshapen.mjs')],
      /inputShape should be sizes with the batch first/
    ],
    [
      'an input that does not fit',
      at => ['summary', at('mine.mjs'), '--input', '1,4,8,8'],
      /ShapeError: stem: conv2d/
    ],
    [
      'an older package',
      at => ['print', at('old/net.mjs')],
      /another version of resnet-ts, which cannot open files: update it/
    ],
    ['no package', () => ['print', join(nowhere, 'net.mjs')], /resnet-ts is not installed where/],
    [
      'classes that a file does not take',
      at => ['print', at('mine.mjs'), '--num-classes', '3'],
      /its network has 2 outputs, not 3, one for each class; export a function or class that takes \{ numClasses/
    ]
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await resnet(...args(name => join(folder, name)))
    expect(stderr).toMatch(/^resnet: [^\n]*\n$/)
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  it('a TypeScript file where Node cannot load one', async () => {
    const { code, stderr } = await resnet('print', join(folder, 'typed.ts'))
    // Later versions of Node load it, and it exports no network.
    expect(stderr).toMatch(
      /typed\.ts: (Node .* cannot load \.ts files: use Node 22\.18 or later, compile it|its export 'default' is no Module)/
    )
    expect(code).toBe(2)
  })
})
