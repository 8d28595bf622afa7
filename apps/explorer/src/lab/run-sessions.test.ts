// What a checkpoint says of its outputs holds for the page's answer and for its evidence.
import { cifar_resnet8, manualSeed, randn } from 'resnet-ts'
import { DIGITS_CHECKPOINT, encodeCheckpoint, readCheckpoint, type Checkpoint } from 'resnet-ts/train'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Sessions } from './run-sessions.js'
import { openSubject } from './run-subject.js'

/** A file of an untrained network that reads digits. */
async function fileOf(
  about: Pick<Checkpoint['network'], 'classes' | 'multiLabel'>,
  numClasses: number
): Promise<File> {
  const { network } = await readCheckpoint(DIGITS_CHECKPOINT)
  const options = { numClasses, inChannels: 1, residual: true } as const
  const { transforms } = network
  manualSeed(0)
  const tensors = cifar_resnet8(options).stateDict()
  const bytes = encodeCheckpoint({
    network: { model: 'cifar_resnet8', options, transforms, ...about },
    progress: undefined,
    tensors
  })
  return new File([bytes], 'best.safetensors')
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** What the page shows of one picture: the outputs, their scores by index, and the score beside the heat. */
async function shownOf(
  file: File
): Promise<{ logits: number[]; scores: number[]; heat: number; labels: string[] }> {
  const subject = await openSubject({ model: 'digits', weights: file }, async () => {})
  const sessions = new Sessions(subject, 'cpu')
  const pixels = randn(subject.input.slice(1).map(Number))
  const { logits, top } = await sessions.answer(pixels, 5)
  const byIndex = [...top].sort((a, b) => a.index - b.index)
  const request = { method: 'eigencam', layer: subject.lastLayer, classIndex: 0 } as const
  const { score } = await sessions.heat(pixels, request)
  sessions.stop()
  return {
    logits: Array.from(logits.data),
    scores: byIndex.map(each => each.score),
    heat: score[0],
    labels: byIndex.map(({ label }) => label)
  }
}

describe('the scores of a network', () => {
  // Older releases of Node have none.
  beforeAll(() => void vi.stubGlobal('navigator', { hardwareConcurrency: 1 }))

  it('of a single output with two names are those of both classes', async () => {
    const { logits, scores, heat, labels } = await shownOf(await fileOf({ classes: ['no', 'yes'] }, 1))
    expect(labels).toEqual(['no', 'yes'])
    const [no, yes] = [-logits[0], logits[0]].map(sigmoid)
    expect(scores).toEqual([expect.closeTo(no, 6), expect.closeTo(yes, 6)])
    expect(heat).toBeCloseTo(no, 4)
  })

  it('with several labels at once are a probability for each', async () => {
    const about = { classes: ['a', 'b', 'c'], multiLabel: true }
    const { logits, scores, heat, labels } = await shownOf(await fileOf(about, 3))
    expect(labels).toEqual(about.classes)
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(sigmoid(logits[i]), 6)
    expect(heat).toBeCloseTo(sigmoid(logits[0]), 4)
  })

  it('with classes that exclude each other add up to one', async () => {
    const { logits, scores, heat } = await shownOf(await fileOf({ classes: ['a', 'b', 'c'] }, 3))
    const powers = logits.map(Math.exp)
    const total = powers.reduce((a, b) => a + b, 0)
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(powers[i] / total, 6)
    expect(heat).toBeCloseTo(powers[0] / total, 4)
  })
})
