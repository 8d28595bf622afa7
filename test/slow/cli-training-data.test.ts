// How the training commands handle data: recognising it again, unreadable files, and results of an earlier run in the
// same folder.
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readImage } from 'resnet-ts'
import { readPipeline } from 'resnet-ts/images'
import { readCheckpoint, writeCheckpoint } from 'resnet-ts/train'
import { writePhotos } from '../support/photos.js'
import { resnet, resnetOutput } from '../support/run-cli.js'

let folder: string
const at = (...names: string[]): string => join(folder, ...names)
const FILES = ['best.safetensors', 'last.safetensors', 'metrics.jsonl', 'report.html']
const SMALL = ['--model', 'cifar_resnet8', '--image-size', '16', '--batch-size', '6', '--lr', '0.02']
const part = async (data: string, run: string): Promise<[string, number]> => {
  const args = ['eval', data, '--checkpoint', join(run, 'best.safetensors'), '--json']
  const { part: measured, images } = JSON.parse(await resnetOutput(...args)) as {
    part: string
    images: number
  }
  return [measured, images]
}

/** An IDX file of zeros: images or labels. */
function idx(shape: readonly number[], level: (item: number) => number): Uint8Array {
  const item = shape.slice(1).reduce((product, size) => product * size, 1)
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, 8, shape.length])
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i)
  return Buffer.concat([header, ...Array.from({ length: shape[0] }, (_, i) => Buffer.alloc(item, level(i)))])
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-data-'))
  await writePhotos(at('photos'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('data that a network was trained on', () => {
  const train = (...args: string[]): string[] => ['train', ...args, ...SMALL, '--out', at('run')]

  it('is recognised under any path, also after it was moved; changes are reported', async () => {
    await resnetOutput(...train(relative('.', at('photos')), '--schedule', 'constant', '--epochs', '1'))
    expect(await part(at('photos'), at('run'))).toEqual(['validation', 4])
    expect(await part(`${relative('.', folder)}/./photos/`, at('run'))).toEqual(['validation', 4])

    // With a schedule that does not depend on the number of epochs, training can be extended.
    const longer = train(at('photos'), '--schedule', 'constant', '--epochs', '2', '--resume')
    expect(await resnetOutput(...longer)).toMatch(/^epoch 2\/2 /)

    await rename(at('photos'), at('pictures'))
    await rename(at('run'), at('moved'))
    expect(await part(at('pictures'), at('moved'))).toEqual(['validation', 4])
    await rename(at('moved'), at('run'))
    await rename(at('pictures'), at('photos'))

    await cp(at('photos'), at('copy'), { recursive: true })
    expect(await part(at('copy'), at('run'))).toEqual(['all', 20])
    await cp(at('photos/b'), at('photos/c'), { recursive: true })
    const changed = await resnet(...longer)
    await rm(at('photos/c'), { recursive: true })
    expect(changed).toMatchObject({ code: 2, stdout: '' })
    expect(changed.stderr).toMatch(/^[^\n]*photos: 3 classes, 30 images\nresnet: [^\n]*\n$/)
    expect(changed.stderr).toContain('photos had 20 images, now 30; its classes have gained "c"')
  })

  it('leaves no results of an overwritten run in the folder', async () => {
    const out = ['--out', at('again'), '--lr', '1e30', '--schedule', 'constant', '--epochs', '2']
    await resnetOutput('train', at('photos'), ...SMALL, '--epochs', '1', '--out', at('again'))
    // The old results are kept until the new run has its own.
    for (const kind of ['a', 'b']) {
      await mkdir(at('ruined', kind), { recursive: true })
      for (const i of [0, 1]) await writeFile(at('ruined', kind, `${i}.png`), 'none')
    }
    expect((await resnet('train', at('ruined'), ...SMALL, ...out, '--overwrite')).code).toBe(2)
    expect((await readdir(at('again'))).sort()).toEqual(FILES)
    const failed = await resnet('train', at('photos'), ...SMALL, ...out, '--overwrite')
    expect(failed.code).toBe(2)
    expect(await readdir(at('again'))).toEqual(['last.safetensors'])
  })
})

describe('unreadable images', () => {
  it('are named once and counted; having only unreadable images is an error', async () => {
    await cp(at('photos'), at('holes'), { recursive: true })
    for (const i of [0, 1]) await writeFile(at('holes/a', `${i}.png`), 'none')
    const train = ['train', at('holes'), ...SMALL, '--on-corrupt', 'skip', '--epochs', '3']
    const { code, stderr } = await resnet(...train, '--out', at('skipping'))
    expect(code).toBe(0)
    const lines = stderr.trimEnd().split('\n').sort()
    expect(lines).toEqual([
      expect.stringContaining('holes: 2 classes, 20 images'),
      expect.stringContaining('holes/a/0.png: is not an image'),
      expect.stringContaining('holes/a/1.png: is not an image'),
      'resnet: skipped 2 images in all'
    ])
    for (const kind of ['a', 'b'])
      for (let i = 0; i < 10; i++) await writeFile(at('holes', kind, `${i}.png`), 'none')
    const none = await resnet(...train, '--out', at('nothing'))
    expect(none.code).toBe(2)
    expect(none.stderr.trimEnd().split('\n').at(-1)).toBe(
      `resnet: ${at('holes')}: none of 16 images in it could be read`
    )
    expect(await readdir(at('nothing'))).toEqual([])
  })
})

interface Answered {
  readonly logits: readonly number[]
  readonly top: readonly { readonly label: string; readonly score: number }[]
}

/** What an ONNX file says of itself. */
async function metadataOf(path: string): Promise<Map<string, unknown>> {
  const { metadataProps } = fromBinary(ModelProtoSchema, await readFile(path))
  return new Map(metadataProps.map(({ key, value }) => [key, JSON.parse(value) as unknown]))
}

/** `log(1 + eˣ)` */
const softplus = (x: number): number => Math.log1p(Math.exp(x))
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length

/** What predict and eval say of all photos. */
async function measuredAll(checkpoint: string): Promise<{ answers: Answered[]; measured: unknown }> {
  const [answers, measured] = await Promise.all([
    resnetOutput('predict', at('photos'), '--checkpoint', checkpoint, '--json', '--logits', '--top', '2'),
    resnetOutput('eval', at('photos'), '--checkpoint', checkpoint, '--part', 'all', '--json')
  ])
  return { answers: JSON.parse(answers) as Answered[], measured: JSON.parse(measured) }
}

describe('outputs that are sigmoids', () => {
  it('are a single one for two classes with --num-classes 1: trained, measured and read as a yes or no', async () => {
    const yesNo = ['train', at('photos'), ...SMALL, '--num-classes', '1', '--augment', 'none']
    await resnetOutput(...yesNo, '--epochs', '2', '--out', at('yes'))
    const { network } = await readCheckpoint(at('yes/best.safetensors'))
    expect(network).toMatchObject({ classes: ['a', 'b'], options: { numClasses: 1 } })
    const { answers, measured } = await measuredAll(at('yes/best.safetensors'))
    // Ten images of a, then ten of b.
    const logits = answers.map(answer => answer.logits[0])
    for (const [i, { top }] of answers.entries()) {
      const both = ['a', 'b'].map((label, index) => ({
        label,
        index,
        score: expect.closeTo(sigmoid(index === 1 ? logits[i] : -logits[i]), 6) as unknown
      }))
      expect(top).toEqual(logits[i] > 0 ? both.toReversed() : both)
    }
    // Either class can be explained, by its name or number.
    for (const [asked, index] of [
      ['a', 0],
      ['1', 1]
    ] as const) {
      const explained = await resnetOutput(
        ...['explain', at('photos/a/0.png'), '--checkpoint', at('yes/best.safetensors'), '--class', asked],
        ...['--json', '--out', at('explained.png')]
      )
      const score: unknown = expect.closeTo(sigmoid(index === 1 ? logits[0] : -logits[0]), 5)
      expect(JSON.parse(explained)).toMatchObject([{ class: { index, label: 'ab'[index] }, score }])
    }
    const yes = (from: number, to: number): number => logits.slice(from, to).filter(x => x > 0).length
    const confusion = [
      [10 - yes(0, 10), yes(0, 10)],
      [10 - yes(10, 20), yes(10, 20)]
    ]
    expect(measured).toMatchObject({
      loss: expect.closeTo(mean(logits.map((x, i) => softplus(i < 10 ? x : -x))), 4) as unknown,
      accuracy: (confusion[0][0] + confusion[1][1]) / 20,
      confusion
    })
    // Going on with the folder alone, and what one output cannot have.
    const more = await resnet('train', '--resume', '--out', at('yes'), '--epochs', '2')
    expect(more).toMatchObject({ code: 0 })
    const nothing = await resnet('train', '--resume', '--out', at('yes'))
    expect(nothing).toMatchObject({ code: 0 })
    expect(nothing.stderr).toContain(
      `${at('yes')} has trained its 2 epochs: nothing is left to train; --epochs 3 or more continues`
    )
    for (const [given, named] of [
      [['--label-smoothing', '0.1'], '--label-smoothing 0.1: needs an output for each class'],
      [['--augment', 'mixup'], '--augment mixup: needs an output for each class']
    ] as const) {
      const { code, stderr } = await resnet(...yesNo, ...given, '--out', at('none'))
      expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 2])
      expect(stderr).toContain(`${named}, so leave out --num-classes 1`)
    }
  })

  it('are one for each label if the checkpoint says so, unasked', async () => {
    await resnetOutput('train', at('photos'), ...SMALL, '--epochs', '1', '--out', at('labels'))
    const { network, tensors } = await readCheckpoint(at('labels/best.safetensors'))
    const file = at('labels/several.safetensors')
    await writeCheckpoint(file, { network: { ...network, multiLabel: true }, tensors, progress: undefined })
    const { answers, measured } = await measuredAll(file)
    for (const { top, logits } of answers) {
      const scores = top.map(({ score }) => score).sort((a, b) => a - b)
      const expected = logits.map(sigmoid).sort((a, b) => a - b)
      for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected[i], 6)
    }
    const losses = answers.flatMap(({ logits }, i) =>
      logits.map((x, k) => softplus(k === Number(i >= 10) ? -x : x))
    )
    expect(measured).toMatchObject({ loss: expect.closeTo(mean(losses), 4) as unknown, images: 20 })
    const explained = await resnetOutput(
      ...['explain', at('photos/a/0.png'), '--checkpoint', file, '--class', 'b', '--json'],
      ...['--out', at('explained.html')]
    )
    const [{ score }] = JSON.parse(explained) as { score: number }[]
    expect(score).toBeCloseTo(sigmoid(answers[0].logits[1]), 4)

    // Whoever runs the exported file learns it there.
    const onnx = at('labels/several.onnx')
    await resnetOutput('export', '--checkpoint', file, '--out', onnx)
    const about = await metadataOf(onnx)
    expect(about.get('resnet-ts.multiLabel')).toBe(true)
    expect(about.get('resnet-ts.classes')).toEqual(['a', 'b'])
    const pixels = readPipeline(about.get('resnet-ts.transforms'))(await readImage(at('photos/a/0.png')))
    const session = await InferenceSession.create(onnx)
    const { logits } = await session.run({ x: new OrtTensor('float32', pixels.data, [1, ...pixels.shape]) })
    const told = new Map(answers[0].top.map(each => [each.label, each.score]))
    for (const [i, x] of Array.from(logits.data as Float32Array).entries()) {
      expect(told.get('ab'[i])).toBeCloseTo(sigmoid(x), 5)
    }
    await session.release()
    const excluding = at('labels/one.onnx')
    await resnetOutput('export', '--checkpoint', at('labels/best.safetensors'), '--out', excluding)
    expect((await metadataOf(excluding)).has('resnet-ts.multiLabel')).toBe(false)
  })
})

describe('files in MNIST’s format', () => {
  it('may hold images of any size, square or not', async () => {
    await mkdir(at('idx'))
    for (const half of ['train', 't10k']) {
      await writeFile(
        at('idx', `${half}-images-idx3-ubyte`),
        idx([20, 12, 10], i => 250 * (i % 2))
      )
      await writeFile(
        at('idx', `${half}-labels-idx1-ubyte`),
        idx([20], i => i % 2)
      )
    }
    const args = ['train', at('idx'), '--model', 'cifar_resnet8', '--batch-size', '10', '--epochs', '1']
    await resnetOutput(...args, '--out', at('small'))
    const { network } = await readCheckpoint(at('small/best.safetensors'))
    expect(network.options.inChannels).toBe(1)
    expect(network.transforms).toContainEqual(expect.objectContaining({ name: 'centerCrop' }))

    const onnx = at('small.onnx')
    await resnetOutput('export', '--checkpoint', at('small/best.safetensors'), '--out', onnx)
    const session = await InferenceSession.create(onnx)
    const { logits } = await session.run({
      x: new OrtTensor('float32', new Float32Array(200), [2, 1, 10, 10])
    })
    expect(logits.dims).toEqual([2, 10])
    await session.release()
    const text = await resnetOutput('summary', '--checkpoint', at('small/best.safetensors'), '--json')
    const { rows } = JSON.parse(text) as { rows: { output: unknown }[] }
    expect(JSON.stringify(rows)).toContain('[1,10]')
  })
})
