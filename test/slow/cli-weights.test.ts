// The command line with weights that almost fit: prefixes, parts of other networks, other channels, wrong names.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cifar_resnet8, manualSeed, rand, readWeights, writeWeights, type StateDict } from 'resnet-ts'
import { readCheckpoint } from 'resnet-ts/train'
import { adaptInputChannels } from 'resnet-ts/weights'
import { resnet, resnetOutput } from '../support/run-cli.js'

let folder: string
manualSeed(0)
const state = cifar_resnet8({ numClasses: 4 }).stateDict()
const other = cifar_resnet8({ numClasses: 4 }).stateDict()
const behind = (prefix: string, weights = state): StateDict =>
  new Map(Array.from(weights, ([key, value]) => [prefix + key, value]))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-weights-'))
  await Promise.all([
    writeWeights(path('plain.pth'), state),
    writeWeights(path('parallel.pth'), behind('module.')),
    writeWeights(path('lightning.pth'), new Map([...behind('model.'), ['loss.weight', rand([4])]])),
    writeWeights(path('pair.pth'), new Map([...behind('first.'), ...behind('second.', other)])),
    writeWeights(path('x.safetensors'), new Map([['x', rand([1, 3, 16, 16])]]))
  ])
})
afterAll(() => rm(folder, { recursive: true }))

const path = (name: string): string => join(folder, name)
const running = (weights: string, out: string, ...more: string[]): ReturnType<typeof resnet> =>
  resnet(
    ...['run', 'cifar_resnet8', '--weights', path(weights), '--input', path('x.safetensors')],
    ...['--out', path(out), ...more]
  )

describe('weights of a wrapped network', () => {
  it('load with a one-line notice', async () => {
    const plain = await running('plain.pth', 'plain.safetensors')
    const wrapped = await running('parallel.pth', 'wrapped.safetensors')
    expect([plain.code, plain.stderr]).toEqual([0, ''])
    expect([wrapped.code, wrapped.stderr]).toEqual([
      0,
      `resnet: ${path('parallel.pth')}: took "module." off the names of all ${state.size} tensors\n`
    ])
    expect(await readWeights(path('wrapped.safetensors'))).toEqual(
      await readWeights(path('plain.safetensors'))
    )
  })

  it('load without what is beside it, which is named', async () => {
    const { code, stderr } = await running('lightning.pth', 'n.safetensors')
    const found = `took "model." off the names of ${state.size} of ${state.size + 1} tensors; left out 1 tensor ("loss.weight")`
    expect([code, stderr]).toEqual([0, `resnet: ${path('lightning.pth')}: ${found}\n`])

    await resnetOutput('convert', path('lightning.pth'), path('picked.pth'), '--pick', 'model.')
    expect([...(await readWeights(path('picked.pth'))).keys()]).toEqual([...state.keys()])
  })

  it('are not guessed: candidates are listed, and one can be chosen', async () => {
    const { code, stderr } = await running('pair.pth', 'n.safetensors')
    expect([code, stderr]).toEqual([
      2,
      `resnet: ${path('pair.pth')}: holds several networks; the option entry chooses one: "first", "second"\n`
    ])
    const chosen = await running('pair.pth', 'chosen.safetensors', '--entry', 'second')
    expect([chosen.code, chosen.stderr]).toEqual([0, ''])
  })
})

describe('a wrong name', () => {
  it('of a prefix to pick', async () => {
    const { code, stderr } = await resnet('convert', path('plain.pth'), path('n.pth'), '--pick', 'layer4')
    expect([code, stderr]).toEqual([
      2,
      "resnet: pickPrefix: no name begins with 'layer4.'; did you mean layer3, layer2 or layer1?\n"
    ])
  })

  it('of a model, of published weights, of an output, of what to freeze', async () => {
    expect((await resnet('print', 'resnet5')).stderr).toContain("no model 'resnet5'; did you mean resnet50")
    expect((await resnet('print', 'transformer')).stderr).toContain('expected one of resnet18, ')
    const published = await resnet('predict', 'assets/cat.jpg', '--weights', 'IMAGENET1K_V3')
    expect([published.code, published.stderr]).toEqual([
      2,
      'resnet: IMAGENET1K_V3: no such file; did you mean IMAGENET1K_V1?\n'
    ])
    expect((await running('plain.pth', 'n.safetensors', '--outputs', 'layer1.0.conv9')).stderr).toContain(
      "no module named 'layer1.0.conv9'; did you mean layer1.0.conv2, layer1.0.conv1"
    )
    const frozen = await resnet('train', 'digits', '--model', 'cifar_resnet8', '--freeze', 'layer7')
    expect([frozen.code, frozen.stderr]).toEqual([
      2,
      "resnet: no parameter matches 'layer7' (did you mean layer3, layer2 or layer1?)\n"
    ])
  })
})

describe('weights for colour images on grey ones', () => {
  it('are adapted with a one-line notice', async () => {
    const out = path('run')
    const { code, stderr } = await resnet(
      ...['train', 'digits', '--model', 'cifar_resnet8', '--weights', path('parallel.pth')],
      ...['--epochs', '1', '--batch-size', '256', '--lr', '0', '--out', out]
    )
    expect(stderr.trimEnd().split('\n').slice(0, 2)).toEqual([
      `resnet: ${path('parallel.pth')}: took "module." off the names of all ${state.size} tensors`,
      `resnet: ${path('parallel.pth')}: conv1.weight is for images of 3 channels, not 1: summed its kernels`
    ])
    expect(code).toBe(0)
    const { tensors } = await readCheckpoint(join(out, 'last.safetensors'))
    const expected = adaptInputChannels(state, 'conv1.weight', 1)
    expect(tensors.get('conv1.weight')).toEqual(expected.get('conv1.weight'))
    expect(tensors.get('layer3.0.conv2.weight')).toEqual(state.get('layer3.0.conv2.weight'))
  })

  it('are one entry of a checkpoint, found or chosen', async () => {
    const both = fileURLToPath(new URL('../goldens/weights/zip-ambiguous.pth', import.meta.url))
    const convert = async (...more: string[]): Promise<string> => {
      const { code, stderr } = await resnet('convert', both, path('entry.pth'), ...more)
      expect(code).toBe(0)
      return stderr
    }
    expect(await convert()).toContain(
      `${both}: took the weights of its entry "state_dict"; the option entry chooses another: "model"`
    )
    expect(await convert('--entry', 'model')).not.toContain('took')
    expect(await readWeights(path('entry.pth'))).toEqual(await readWeights(both, { entry: 'model' }))
  })

  it('keeps the description of a checkpoint that is converted', async () => {
    const digits = 'assets/digits-resnet20.safetensors'
    await resnetOutput('convert', digits, path('copy.safetensors'))
    const [{ network }, original] = await Promise.all([
      readCheckpoint(path('copy.safetensors')),
      readCheckpoint(digits)
    ])
    expect(network).toEqual(original.network)
  })
})
