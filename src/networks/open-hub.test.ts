import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startHub, type HubServer } from '../../test/support/hub-server.js'
import { MODELS } from '../models/registry.js'
import { translateWeights } from '../weights/dialects/translate.js'
import { readWeights, readWithMetadata } from '../weights/read-weights.js'
import { encodeWeights } from '../weights/write-weights.js'
import { readHubNetwork } from './hub-config.js'
import { openNetwork } from './open-network.js'

const net = MODELS.cifar_resnet8.build({ numClasses: 3 })
const state = net.stateDict()
const CONFIG = {
  architecture: 'cifar_resnet8',
  num_classes: 3,
  label_names: ['a', 'b', 'c'],
  label_descriptions: { a: 'ant' },
  pretrained_cfg: {
    input_size: [3, 32, 32],
    crop_pct: 0.95,
    interpolation: 'bicubic',
    crop_mode: 'center',
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
    license: 'cc-by-nc-4.0',
    num_classes: 1000
  }
}
const config = (more: object = {}): string => JSON.stringify({ ...CONFIG, ...more })

let folder: string
let hub: HubServer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-open-hub-'))
  hub = await startHub({ 'config.json': config(), 'model.safetensors': encodeWeights(state) })
})
afterEach(async () => {
  await hub[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
const options = () => ({ hub: { endpoint: hub.endpoint, cacheFolder: folder, token: 'hf_x', retries: 0 } })

describe('a repository of the hub', () => {
  it('is opened with its weights, classes and preparation, and its licence is said', async () => {
    const onNote = vi.fn()
    const opened = await openNetwork('hf:owner/net', { ...options(), onNote })
    expect(opened).toMatchObject({
      model: 'cifar_resnet8',
      origin: 'hf:owner/net',
      classes: ['ant', 'b', 'c']
    })
    expect(opened.shape).toEqual([3, 32, 32])
    expect(opened.transforms).toEqual([
      { name: 'rgb' },
      { name: 'resize', size: 33, interpolation: 'bicubic' },
      { name: 'centerCrop', size: { width: 32, height: 32 } },
      expect.objectContaining({ name: 'toTensor', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] })
    ])
    expect(opened.net.stateDict().get('conv1.weight')?.data).toEqual(state.get('conv1.weight')?.data)
    expect(onNote.mock.calls.flat()).toEqual([
      'hf:owner/net: model.safetensors of commit c0ffee000000',
      'hf:owner/net: its licence is cc-by-nc-4.0'
    ])
    const given = await openNetwork('cifar_resnet8', { ...options(), weights: 'hf:owner/net@main' })
    expect(given.classes).toEqual(['ant', 'b', 'c'])
    expect((await readWeights('hf:owner/net', options())).size).toBe(state.size)
  })

  it("of transformers is opened under transformers' names, with its own classes and preparation", async () => {
    const trained = MODELS.resnet18.build({ numClasses: 2 }).stateDict()
    hub.files.set('model.safetensors', encodeWeights(translateWeights(trained, { to: 'hf' })))
    const described = {
      model_type: 'resnet',
      layer_type: 'basic',
      depths: [2, 2, 2, 2],
      hidden_sizes: [64, 128, 256, 512],
      id2label: { 1: 'dog', 0: 'cat' }
    }
    const prepared = {
      image_processor_type: 'ConvNextImageProcessor',
      size: { shortest_edge: 224 },
      crop_pct: 0.875,
      resample: 3
    }
    const encoder = new TextEncoder()
    hub.files.set('config.json', encoder.encode(JSON.stringify(described)))
    hub.files.set('preprocessor_config.json', encoder.encode(JSON.stringify(prepared)))
    const opened = await openNetwork('hf:owner/net', options())
    expect([opened.model, opened.classes, opened.shape]).toEqual(['resnet18', ['cat', 'dog'], [3, 224, 224]])
    expect(opened.net.stateDict().get('fc.weight')?.data).toEqual(trained.get('fc.weight')?.data)
    expect(await readWithMetadata('hf:owner/net@main', texts => texts.size, options())).toMatchObject({
      metadata: 0
    })
  })

  it('is read from a folder, in parts, and a missing part is named', async () => {
    const keys = [...state.keys()]
    const part = (i: number): string => `model-0000${i}-of-00002.safetensors`
    const map = Object.fromEntries(keys.map((key, i) => [key, part(1 + (i % 2))]))
    const index = JSON.stringify({ metadata: {}, weight_map: map })
    const parts = [0, 1].map(odd => encodeWeights(new Map([...state].filter((_, i) => i % 2 === odd))))
    await writeFile(join(folder, 'config.json'), config())
    await writeFile(join(folder, 'model.safetensors.index.json'), index)
    await writeFile(join(folder, part(1)), parts[0])
    await expect(openNetwork(folder)).rejects.toThrow(
      `model.safetensors.index.json: names the part ${part(2)}, which is not there: download the repository whole`
    )
    await writeFile(join(folder, part(2)), parts[0])
    await expect(openNetwork(folder)).rejects.toThrow(/00002-of-00002.safetensors: has no tensor/)
    await writeFile(join(folder, part(2)), parts[1])
    expect((await openNetwork(folder)).classes).toEqual(['ant', 'b', 'c'])
    expect((await readWeights(folder)).size).toBe(state.size)
  })

  it.each<[object, string]>([
    [
      { architecture: 'vit_base_patch16_224' },
      'is of the network "vit_base_patch16_224", which is none of this package\'s'
    ],
    [{ model_args: { stem_width: 32 } }, 'other model_args ("stem_width")'],
    [{ architecture: undefined, model_type: 'bert' }, "is of the model 'bert'"],
    [{ label_names: ['a', 'b'] }, 'names 2 classes, but its weights of cifar_resnet8 have 3'],
    [{ pretrained_cfg: { ...CONFIG.pretrained_cfg, crop_mode: 'border' } }, 'crops by "border"']
  ])('with %j is refused in a sentence', async (more, sentence) => {
    hub.files.set('config.json', Buffer.from(config(more)))
    await expect(openNetwork('hf:owner/net', options())).rejects.toThrow(sentence)
  })
})

describe("transformers' config", () => {
  const about = (more: object = {}): string =>
    JSON.stringify({ model_type: 'resnet', id2label: { 1: 'b', 0: 'a' }, ...more })
  const processor = (more: object): string =>
    JSON.stringify({ image_processor_type: 'ConvNextImageProcessor', crop_pct: 0.875, resample: 3, ...more })

  it('says the network by its blocks, and ConvNext prepares its way', () => {
    const small = readHubNetwork(about(), processor({ size: { shortest_edge: 224 } }), 'x')
    expect(small).toMatchObject({ model: 'resnet50', classes: ['a', 'b'], inChannels: 3 })
    expect(small.transforms[1]).toEqual({ name: 'resize', size: 256, interpolation: 'bicubic' })
    const large = readHubNetwork(about(), processor({ size: 384 }), 'x')
    expect(large.transforms[1]).toEqual({
      name: 'resize',
      size: { width: 384, height: 384 },
      interpolation: 'bicubic'
    })
  })

  it.each([
    [{ downsample_in_bottleneck: true }, /downsample_in_bottleneck/],
    [{ downsample_in_first_stage: true }, /downsample_in_first_stage/],
    [{ depths: [1, 1, 1, 1] }, /depths 1, 1, 1, 1/],
    [{ id2label: { 0: 'a', 2: 'b' } }, /a name for each index/]
  ])('with %j is refused', (more, sentence) => {
    expect(() => readHubNetwork(about(more), undefined, 'x')).toThrow(sentence)
  })
})
