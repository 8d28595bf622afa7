// The command that docs/fine-tune.md shows, on a task that its weights have not seen: it has to learn more from the same
// images than the same network from random weights.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digits } from 'resnet-ts'
import { writeImage } from 'resnet-ts/images'
import { readPage } from '../support/docs-folder.js'
import { codeBlocks } from '../support/markdown-blocks.js'
import { resnetOutput } from '../support/run-cli.js'

/** The classes: two kinds of digits each, so that no output of the digits' network is one of them. */
const KINDS = { low: [0, 3], middle: [4, 7], high: [8, 9] }
const IMAGES_PER_DIGIT = 60

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-fine-tune-'))
  const dataset = await digits()
  for (const [kind, members] of Object.entries(KINDS)) {
    await mkdir(join(folder, 'data', kind), { recursive: true })
    for (const digit of members) {
      const found = Array.from(dataset.labels.keys()).filter(i => dataset.labels[i] === digit)
      for (const i of found.slice(0, IMAGES_PER_DIGIT)) {
        const source = dataset.source(i)
        if ('picture' in source) await writeImage(join(folder, 'data', kind, `${i}.png`), source.picture)
      }
    }
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** The documented options, for data and a network at hand. */
async function documented(): Promise<string[]> {
  const blocks = codeBlocks(await readPage('docs/fine-tune.md'))
  const command = blocks.find(({ code }) => code.startsWith('resnet train flowers'))?.code ?? ''
  const [train] = command.replaceAll('\\\n', '').split('\n')
  const words = train.split(/ +/).slice(1)
  const without = ['--model', '--weights', '--out'].flatMap(name => [
    words.indexOf(name),
    words.indexOf(name) + 1
  ])
  return words
    .filter((_, i) => !without.includes(i))
    .map(word => (word === 'flowers' ? join(folder, 'data') : word))
}

async function accuracyOf(run: string, ...start: string[]): Promise<number> {
  const out = join(folder, run)
  await resnetOutput(...(await documented()), ...start, '--augment', 'none', '--out', out)
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n')
  const { validation } = JSON.parse(lines.at(-1) ?? '') as { validation: { accuracy: number } }
  return validation.accuracy
}

describe('the command of the page on fine-tuning', () => {
  it('learns a new task from trained weights, with the learning rate that it shows', async () => {
    const tuned = await accuracyOf('tuned', '--checkpoint', 'digits')
    const fromScratch = await accuracyOf('scratch', '--model', 'cifar_resnet20')
    expect(tuned).toBeGreaterThan(0.9)
    expect(fromScratch).toBeLessThan(tuned - 0.2)
  })
})
