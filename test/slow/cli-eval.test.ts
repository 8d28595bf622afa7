// `resnet eval` of a model with weights from a file: its figures, by their definitions from the logits that predict prints.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifier, manualSeed, RandomGenerator, readWeights, writeWeights } from 'resnet-ts'
import { cifar_resnet8 } from 'resnet-ts/models'
import { resnet, resnetOutput } from '../support/run-cli.js'

const CLASSES = ['ant', 'bee', 'cat', 'dog', 'emu', 'fox']
const EACH = 4
let folder: string
const at = (...names: string[]): string => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-eval-'))
  const random = new RandomGenerator(3)
  const images: string[] = []
  for (const name of CLASSES) {
    await mkdir(at('val', name), { recursive: true })
    for (let i = 0; i < EACH; i++) {
      const [r, g, b] = random.uniform(3).map(share => Math.round(255 * share))
      const create = { width: 32, height: 32, channels: 3, background: { r, g, b } } as const
      await sharp({ create })
        .png()
        .toFile(at('val', name, `${i}.png`))
      images.push(at('val', name, `${i}.png`))
    }
  }
  manualSeed(5)
  const weights = cifar_resnet8({ numClasses: CLASSES.length }).stateDict()
  await writeWeights(at('random.pth'), weights)
  // Without their means, the logits of an untrained network differ in their order from image to image.
  await using classify = await classifier('cifar_resnet8', { weights: at('random.pth') })
  const bias = weights.get('fc.bias')?.data as Float32Array
  for (const image of images) {
    const { data } = await classify.logits(image)
    data.forEach((logit, k) => (bias[k] -= logit / images.length))
  }
  await writeWeights(at('net.pth'), weights)
})
afterAll(() => rm(folder, { recursive: true }))

interface Measured {
  readonly images: number
  readonly loss: number
  readonly top1: number
  readonly top5: number
  readonly macro: object
  readonly confusion: readonly (readonly number[])[]
  readonly classes: readonly { readonly name: string }[]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const share = (count: number, all: number): number => (all === 0 ? NaN : count / all)

describe('resnet eval --model --weights', () => {
  it('says loss, top-1, top-5, and precision, recall and F1 of each class', async () => {
    const net = ['--model', 'cifar_resnet8', '--weights', at('net.pth')]
    const [answers, text] = await Promise.all([
      resnetOutput('predict', at('val'), ...net, '--json', '--logits'),
      resnetOutput('eval', at('val'), ...net, '--json')
    ])
    const judged = (JSON.parse(answers) as { image: string; logits: number[] }[]).map(({ image, logits }) => {
      const label = CLASSES.findIndex(name => image.includes(`/${name}/`))
      const order = [...logits.keys()].sort((a, b) => logits[b] - logits[a])
      const loss = Math.log(sum(logits.map(Math.exp))) - logits[label]
      return { label, found: order[0], place: order.indexOf(label), loss }
    })
    const count = (test: (each: (typeof judged)[number]) => boolean): number => judged.filter(test).length
    // The weights are such that no figure is trivial.
    expect(new Set(judged.map(({ found }) => found)).size).toBeGreaterThan(2)
    expect(count(({ place }) => place === 0)).toBeGreaterThan(0)
    expect(count(({ place }) => place > 4)).toBeGreaterThan(0)

    const scores = CLASSES.map((name, k) => {
      const right = count(({ label, found }) => label === k && found === k)
      const [support, predicted] = [count(({ label }) => label === k), count(({ found }) => found === k)]
      const [precision, recall] = [share(right, predicted), share(right, support)]
      return { name, support, predicted, precision, recall, f1: share(2 * right, support + predicted) }
    })
    const seen = scores.filter(({ support, predicted }) => support + predicted > 0)
    const mean = (of: 'precision' | 'recall' | 'f1'): unknown =>
      expect.closeTo(sum(seen.map(score => score[of] || 0)) / seen.length, 6)
    const asJson = (score: (typeof scores)[number]): unknown => JSON.parse(JSON.stringify(score))
    const measured = JSON.parse(text) as Measured
    expect(measured).toMatchObject({
      images: 24,
      loss: expect.closeTo(sum(judged.map(({ loss }) => loss)) / 24, 4) as unknown,
      top1: count(({ place }) => place === 0) / 24,
      top5: count(({ place }) => place < 5) / 24,
      macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
      classes: scores.map(asJson),
      confusion: CLASSES.map((_, k) =>
        CLASSES.map((_, j) => count(({ label, found }) => label === k && found === j))
      )
    })
  })
})

it('a loss that is NaN is an error, with --json too', async () => {
  const weights = await readWeights(at('net.pth'))
  ;(weights.get('fc.bias')?.data as Float32Array).fill(NaN)
  await writeWeights(at('broken.pth'), weights)
  for (const more of [[], ['--json']]) {
    const net = ['--model', 'cifar_resnet8', '--weights', at('broken.pth')]
    const { code, stdout, stderr } = await resnet('eval', at('val'), ...net, ...more)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.split('\n').at(-2)).toBe(
      `resnet: cifar_resnet8 on all images of ${at('val')}: the loss is NaN; check the network's weights`
    )
  }
})

it('a run whose validation loss is NaN ends with an error, and keeps nothing of it', async () => {
  const args = ['--model', 'cifar_resnet8', '--image-size', '16', '--lr', '1e30', '--epochs', '1']
  const { code, stdout, stderr } = await resnet('train', at('val'), ...args, '--out', at('run'))
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/resnet: After step 1: the loss on the validation images is NaN; try a lower .*\n$/)
  expect(await readdir(at('run'))).toEqual([])
})
