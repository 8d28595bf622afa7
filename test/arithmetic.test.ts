// What the names of weights cannot tell: the options that say it, and what is said of them. slow/arithmetic.test.ts compares
// numbers with torch's.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Bottleneck,
  openNetwork,
  resnet18,
  resnet50,
  toTensor,
  type Module,
  type OpenNetworkOptions
} from 'resnet-ts'
import { findModel, preact_resnet18 } from 'resnet-ts/models'
import { encodeCheckpoint } from 'resnet-ts/train'
import { translateWeights, writeWeights, type StateDict } from 'resnet-ts/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resnet } from './support/run-cli.js'

function stridesOf(net: Module): (readonly number[])[] {
  const blocks = [...net.modules()].filter(module => module instanceof Bottleneck)
  return blocks.map(({ conv1, conv2 }) => [conv1.stride[0], conv2.stride[0]])
}
/** ResNet-26's strides, in each block's first and second convolution. */
const MOVED = [1, 1, 2, 1, 2, 1, 2, 1].map(stride => [stride, 1])

describe('strideIn1x1', () => {
  const strides = (name: string) => stridesOf(findModel(name).build({ strideIn1x1: true, numClasses: 2 }))

  it('moves the strides of every kind of bottleneck', () => {
    expect(strides('resnet26')).toEqual(MOVED)
    const pruned = strides('ecaresnet50d_pruned')
    expect([pruned.length, pruned.filter(([first]) => first === 2).length]).toEqual([16, 3])
    expect(pruned.every(([, second]) => second === 1)).toBe(true)
    expect(strides('test_resnet')).toEqual([[2, 1]])
  })

  it('is refused where there is none', () => {
    for (const name of ['resnet18', 'resnetaa50', 'preact_resnet18', 'cifar_resnet8']) {
      expect(() => strides(name), name).toThrow(/^strideIn1x1: \w+ has no bottleneck whose stride/)
    }
    expect(() => resnet50({ eps: -1 })).toThrow('resnet50: eps: expected a number of at least 0')
  })
})

describe('weights of another arithmetic', () => {
  let folder: string
  let ours: StateDict
  let theirs: StateDict
  const at = (name: string): string => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-arithmetic-'))
    ours = findModel('resnet26').build({ numClasses: 10 }).stateDict()
    theirs = translateWeights(ours, { to: 'detectron2' })
  })
  afterAll(() => rm(folder, { recursive: true }))

  const opened = async (options: OpenNetworkOptions, source = 'resnet26') => {
    const notes: string[] = []
    const found = await openNetwork(source, { ...options, onNote: note => notes.push(note) })
    return { ...found, notes: notes.join() }
  }

  it('are opened with a line that says what was assumed, unless that is told', async () => {
    expect((await opened({ weights: theirs })).notes).toContain(
      "assumed: each block's stride is in its 3×3 convolution (else strideIn1x1: STRIDE_IN_1X1, as of MSRA's weights), pictures are RGB (else pixels: 'caffe' with those)"
    )
    const told = await opened({ weights: theirs, assume: { strideIn1x1: true, eps: 1e-3, pixels: 'caffe' } })
    expect(told.notes).not.toContain('assumed')
    expect(told.form.arithmetic).toEqual({ strideIn1x1: true, eps: 1e-3 })
    expect(stridesOf(told.net)).toEqual(MOVED)
    const one = await opened({ weights: theirs, assume: { strideIn1x1: false } })
    expect(one.notes).toMatch(/assumed: pictures are RGB \(else/)
  })

  it('of transformers are computed as config.json says', async () => {
    const config = { model_type: 'resnet', depths: [2, 2, 2, 2], downsample_in_bottleneck: true }
    await writeWeights(at('model.safetensors'), translateWeights(ours, { to: 'hf' }))
    await writeFile(at('config.json'), JSON.stringify(config))
    for (const [source, options] of [
      [folder, {}],
      ['resnet26', { weights: folder }]
    ] as const) {
      const { net, notes, form } = await opened(options, source)
      expect(stridesOf(net)).toEqual(MOVED)
      expect(form.arithmetic).toEqual({ strideIn1x1: true })
      expect(notes).toContain('says that its network has strideIn1x1: true')
      expect(notes).not.toContain('assumed')
    }
  })

  it('keep it in their checkpoint', async () => {
    const { net, form } = await opened({ assume: { strideIn1x1: true } }, 'cifar_preact_resnet164')
    const network = {
      model: 'cifar_preact_resnet164',
      options: { residual: true, numClasses: 10, inChannels: 3, ...form } as const,
      classes: [],
      transforms: [toTensor()]
    }
    const bytes = encodeCheckpoint({ network, progress: undefined, tensors: net.stateDict() })
    const again = await openNetwork(bytes)
    expect(again.net.toString()).toBe(net.toString())
    expect(again.net.toString()).not.toBe(findModel('cifar_preact_resnet164').build().toString())
    await expect(openNetwork(bytes, { assume: { strideIn1x1: false } })).rejects.toThrow('assume nothing')
    const weights = await openNetwork('cifar_preact_resnet164', { weights: bytes })
    expect(weights.net.toString()).toBe(net.toString())
  })

  it('say so of what has no three channels, and of what is built already', async () => {
    const grey = resnet18({ inChannels: 1, numClasses: 2 })
    const options = { weights: grey.stateDict(), inChannels: 1, assume: { pixels: 'caffe' } } as const
    await expect(openNetwork('resnet18', options)).rejects.toThrow('no first convolution of 3 channels')
    await expect(openNetwork(grey, { assume: { eps: 1 } })).rejects.toThrow(
      'assume: eps: ResNet is given as it is built'
    )
    const wrong = { assume: { striding: true } as object }
    await expect(openNetwork('resnet18', wrong)).rejects.toThrow(
      "openNetwork: assume: unknown option 'striding'"
    )
  })

  it('are refused where their names say that the arithmetic is another', async () => {
    const state = preact_resnet18({ numClasses: 3 }).stateDict()
    const weights = translateWeights(state, { to: 'timm-v2' })
    await expect(openNetwork('preact_resnet18', { weights })).rejects.toThrow(
      "the first block's shortcut carries x as it is; the option activatesShortcut: false builds it so"
    )
    const { net } = await opened({ weights, assume: { activatesShortcut: false } }, 'preact_resnet18')
    expect(net).toHaveProperty('layer1')
    const [first] = [...net.modules()].filter(module => 'activatesShortcut' in module)
    expect(first.activatesShortcut).toBe(false)
  })

  it('are told on the command line', async () => {
    await writeWeights(at('theirs.pth'), theirs)
    const told = ['--assume', 'strideIn1x1', '--assume', 'eps=0.001']
    const { stdout, stderr } = await resnet('print', 'resnet26', '--weights', at('theirs.pth'), ...told)
    expect(stdout).toContain('eps=0.001')
    expect(stderr).toMatch(/assumed: pictures are RGB/)
  })
})
