// `resnet explain`: every method writes its heat map, and every mistake is one line and exit code 2.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imageClassification, readImage } from 'resnet-ts/images'
import { resnet, resnetOutput } from '../support/run-cli.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const digit = join(root, 'assets/digit.png')
const cat = join(root, 'assets/cat.jpg')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-cli-explain-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The relative error of 50 steps, due to the kinks of the ReLUs. */
const MISSED = 0.05

interface Row {
  readonly image?: string
  readonly method: string
  readonly layer?: string
  readonly class?: { readonly index: number; readonly label: string }
  readonly score?: number
  readonly peak?: { readonly x: number; readonly y: number }
  readonly channelsTried?: number
  readonly patch?: number
  readonly stride?: number
  readonly steps?: number
  readonly total?: number
  readonly gain?: number
  readonly shape?: readonly number[]
  readonly files: readonly string[]
}
const explain = async (...args: string[]): Promise<Row[]> =>
  JSON.parse(await resnetOutput('explain', ...args, '--json')) as Row[]

const MADE_WITH: Readonly<Record<string, Partial<Row>>> = {
  scorecam: { channelsTried: 64 },
  occlusion: { patch: 1, stride: 1 },
  'integrated-gradients': { steps: 50 }
}

describe('resnet explain', () => {
  for (const method of [
    'gradcam',
    'gradcam++',
    'eigencam',
    'scorecam',
    'occlusion',
    'integrated-gradients'
  ]) {
    it(`${method} writes heat over the digit, and prints where it is highest`, async () => {
      const out = join(folder, `${method}.png`)
      const [row] = await explain(digit, '--checkpoint', 'digits', '--method', method, '--out', out)
      expect(row).toMatchObject({ image: digit, method, files: [out] })
      const hasLayer = method.includes('cam')
      expect(row.layer).toBe(hasLayer ? 'layer3' : undefined)
      if (method !== 'eigencam') expect(row.class).toEqual({ index: 8, label: '8' })
      if (method !== 'eigencam') expect(row.score).toBeGreaterThan(0.99)
      expect(row.peak?.x).toBeLessThan(8)
      expect(row.peak?.y).toBeLessThan(8)
      // The options are printed.
      const { channelsTried, patch, stride, steps } = row
      expect({ channelsTried, patch, stride, steps }).toEqual(MADE_WITH[method] ?? {})
      // Integrated gradients add up to the gain of the score, up to the error of 50 steps.
      const { total, gain } = row
      if (total !== undefined && gain !== undefined) expect(Math.abs(total / gain - 1)).toBeLessThan(MISSED)
      else expect(method).not.toBe('integrated-gradients')
      // Eight pixels are enlarged, and the heat varies.
      const { width, height, data } = await readImage(out)
      expect([width, height]).toEqual([224, 224])
      expect(data.some(level => level > 150)).toBe(true)
      expect(data.some(level => level < 60)).toBe(true)
    })
  }

  it('explains the given class on the given layer', async () => {
    const args = [digit, '--checkpoint', 'digits', '--layer', 'layer2.0.conv1']
    const [eight] = await explain(...args, '--out', join(folder, '8.png'))
    const [three] = await explain(...args, '--class', '3', '--out', join(folder, '3.png'))
    expect(three).toMatchObject({ layer: 'layer2.0.conv1', class: { index: 3, label: '3' } })
    expect(three.score).toBeLessThan(0.01)
    const [a, b] = await Promise.all([eight, three].map(({ files }) => readFile(files[0])))
    expect(a.equals(b)).toBe(false)
  })

  it('writes a page with inline images, the classes and the options', async () => {
    const out = join(folder, 'page.html')
    await resnetOutput('explain', digit, '--checkpoint', 'digits', '--out', out, '--alpha', '0.25')
    const page = await readFile(out, 'utf8')
    expect(page.match(/src="data:image\/png;base64,/g)).toHaveLength(3)
    expect(page).toContain('opacity:0.25')
    expect(page).toContain('<h1>Grad-CAM of layer3 for ‘8’: digit.png</h1>')
    expect(page).toMatch(/<tr class="chosen"><th scope="row">8<\/th><td>99\.\d\d\u00a0%/)
    expect(page).toContain('arXiv:1610.02391')
    expect(page).not.toMatch(/(src|href)="(?!data:)/)
  })

  it('overlays the crop that the network sees: with alpha 0 the overlay equals it', async () => {
    const out = join(folder, 'crop.png')
    const args = ['--alpha', '0', '--out', out]
    const untrained = ['--model', 'resnet18', '--seed', '0', '--num-classes', '3']
    const text = await resnetOutput('explain', cat, ...untrained, ...args)
    expect(text).toMatch(
      /crop\.png \(\d+\.\d kB\): .*cat\.jpg, class \d \(\d+\.\d\d %\), most at \d+, \d+\n$/
    )
    const crop = imageClassification({ cropSize: 224 }).crop(await readImage(cat))
    expect(await readImage(out)).toEqual(crop)
    await resnetOutput('explain', digit, '--checkpoint', 'digits', ...args)
    const [seen, original] = await Promise.all([readImage(out), readImage(digit)])
    const enlarged = seen.data.map((_, i) => {
      const [x, y] = [Math.floor(i / 3) % 224, Math.floor(i / 3 / 224)].map(at => Math.floor(at / 28))
      return original.data[3 * (y * 8 + x)]
    })
    expect(seen.data.every((level, i) => level === enlarged[i])).toBe(true)
  })

  it('lays out feature maps and filters', async () => {
    const features = join(folder, 'features.png')
    const [row] = await explain(
      digit,
      '--checkpoint',
      'digits',
      '--method',
      'features',
      '--layer',
      'layer1',
      '--out',
      features
    )
    expect(row).toMatchObject({ layer: 'layer1', channels: 16, rows: 8, columns: 8 })
    expect((await readImage(features)).width).toBeGreaterThan(900)
    const filters = join(folder, 'filters.html')
    const [found] = await explain('--checkpoint', 'digits', '--method', 'filters', '--out', filters)
    expect(found).toMatchObject({ layer: 'conv1', shape: [16, 1, 3, 3] })
    expect(await readFile(filters, 'utf8')).toContain('16 filters of 1 × 3 × 3')
  })

  it('writes a file for each of several images, and continues after a broken one', async () => {
    const photos = join(folder, 'photos')
    const out = join(folder, 'seen')
    await mkdir(photos)
    await copyFile(digit, join(photos, 'one.png'))
    await copyFile(join(root, 'package.json'), join(photos, 'bad.png'))
    const { code, stdout, stderr } = await resnet(
      'explain',
      photos,
      join(folder, 'nope.png'),
      digit,
      '--checkpoint',
      'digits',
      '--out',
      out
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/^resnet: .*bad\.png: .*\nresnet: .*nope\.png: no such file or folder\n$/)
    expect(stdout.split('\n')).toHaveLength(3)
    expect((await readdir(out)).sort()).toEqual(['digit-gradcam.png', 'one-gradcam.png'])
  })
})

describe('mistakes', () => {
  const digits = ['--checkpoint', 'digits'] as const
  it.each([
    [
      ['explain', digit, ...digits, '--layer', 'fc'],
      'resnet: fc gives [N, 10], which is no map over the image; layer3 is the last layer that gives one\n'
    ],
    [['explain', digit, ...digits, '--layer', 'layer7'], /^resnet: .*'layer7'.*\n$/],
    [
      ['explain', digit, ...digits, '--method', 'occlusion', '--patch', '9'],
      "resnet: patch: 9 pixels are more than the image's 8 × 8\n"
    ],
    [
      ['explain', digit, digit, ...digits, '--out', '/proc/seen/there'],
      'resnet: /proc/seen: no folder can be made here\n'
    ],
    [
      ['explain', ...digits, '--method', 'filters', '--layer', 'bn1'],
      'resnet: bn1 is BatchNorm2d, not a convolution; conv1 is the first one\n'
    ]
  ] as const)('%j', async (args, message) => {
    const { code, stdout, stderr } = await resnet(...args)
    expect([code, stdout]).toEqual([2, ''])
    if (typeof message === 'string') expect(stderr).toBe(message)
    else expect(stderr).toMatch(message)
  })
})
