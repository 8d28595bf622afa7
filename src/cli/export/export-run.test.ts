// What `resnet export` writes opens again as the checkpoint that it was made of.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resize } from '../../images/steps/geometry.js'
import { toTensor } from '../../images/steps/to-tensor.js'
import { MODELS } from '../../models/registry.js'
import { openNetwork } from '../../networks/open-network.js'
import { manualSeed } from '../../tensor/random/random.js'
import { writeCheckpoint } from '../../train/record/checkpoint.js'
import { readWithContents } from '../../weights/read-weights.js'
import { exportModel } from './export-run.js'

const MODEL = 'cifar_resnet8'
const OPTIONS = { numClasses: 3, inChannels: 1, residual: false } as const
const classes = ['circle', 'square', 'tri angle']
const transforms = [resize([12, 12]), toTensor({ mean: [0.5], std: [0.25] })]

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-export-'))
  manualSeed(0)
  const tensors = MODELS[MODEL].build(OPTIONS).stateDict()
  const network = { model: MODEL, options: OPTIONS, classes, multiLabel: true, transforms }
  await writeCheckpoint(at('best.safetensors'), { network, progress: undefined, tensors })
  await exportModel(undefined, { checkpoint: at('best.safetensors'), out: at('m.onnx') })
})
afterAll(() => rm(folder, { recursive: true }))

describe('an exported checkpoint', () => {
  it('opens as the network that it was, with its classes and its preparation of pictures', async () => {
    const was = await openNetwork(at('best.safetensors'))
    const notes: string[] = []
    const onNote = (note: string): void => void notes.push(note)
    const { net, ...opened } = await openNetwork(at('m.onnx'), { onNote })
    expect(notes).toEqual([expect.stringMatching(/m\.onnx: is an ONNX file whose 7 batch norm.* folded/)])
    const { model, shape, form, multiLabel } = was
    expect(opened).toMatchObject({ model, shape, form, multiLabel, classes, transforms: was.transforms })
    // test/onnx-weights.test.ts compares what networks compute that were exported and read again.
    const head = was.net.stateDict().get('fc.weight')
    expect(net.stateDict().get('fc.weight')?.data).toEqual(head?.data)
  })

  it('lends the same to a model of that name', async () => {
    const opened = await openNetwork(MODEL, { weights: at('m.onnx'), residual: false })
    expect(opened).toMatchObject({ classes, shape: [1, 12, 12], multiLabel: true })
  })

  it('tells resnet weights of itself', async () => {
    const { contents } = await readWithContents(at('m.onnx'))
    expect(contents.metadata).toMatchObject({ 'resnet-ts.model': '"cifar_resnet8"' })
  })

  it('says so where its description is damaged', async () => {
    const bytes = await readFile(at('m.onnx'))
    const text = Buffer.from('"numClasses":3')
    Buffer.from('"numClasses":x').copy(bytes, bytes.indexOf(text))
    await writeFile(at('damaged.onnx'), bytes)
    await expect(openNetwork(at('damaged.onnx'))).rejects.toThrow(
      'was not written by this version of the package: options: expected JSON'
    )
    const notes: string[] = []
    const onNote = (note: string): void => void notes.push(note)
    await openNetwork(MODEL, { weights: at('damaged.onnx'), residual: false, inChannels: 1, onNote })
    expect(notes.join('\n')).toMatch(/options: expected JSON.*; only its weights are used/)
  })
})
