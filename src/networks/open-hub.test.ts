import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startHub, type HubServer } from '../../test/support/hub-server.js'
import { MODELS } from '../models/registry.js'
import { zeros } from '../tensor/tensor.js'
import { translateWeights } from '../weights/dialects/translate.js'
import { readWeights, readWithMetadata } from '../weights/read-weights.js'
import { encodeWeights } from '../weights/write-weights.js'
import { describeWeights } from './describe-weights.js'
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

/** Any server of files. */
async function serveFolder(root: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    readFile(join(root, decodeURIComponent(pathname))).then(
      content => response.end(request.method === 'HEAD' ? undefined : content),
      () => response.writeHead(404).end()
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

let caches = 0
/** A repository's commit is the same for ever, so that another one of its name is kept elsewhere. */
const nextCache = (): string => join(folder, `cache-${caches++}`)

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

  it('is read by the path, the URL and the address of its index, with what is beside it', async () => {
    const keys = [...state.keys()]
    const part = (i: number): string => `part ${i}.safetensors`
    const map = Object.fromEntries(keys.map((key, i) => [key, part(i % 2)]))
    const files = new Map<string, Uint8Array | string>([
      ['config.json', config()],
      ['model.safetensors.index.json', JSON.stringify({ weight_map: map })],
      ...[0, 1].map(odd => {
        const tensors = new Map([...state].filter((_, i) => i % 2 === odd))
        return [part(odd), encodeWeights(tensors, { metadata: { format: 'pt' } })] as const
      })
    ])
    const nested = join(folder, 'a', 'b#1')
    await mkdir(nested, { recursive: true })
    for (const [name, content] of files) {
      await writeFile(join(nested, name), content)
      hub.files.set(`sub/${name}`, Buffer.from(content))
    }
    hub.files.delete('config.json')
    await using web = await serveFolder(nested)
    const index = 'model.safetensors.index.json'
    const remote = `hf:owner/net/sub/${index}`
    for (const place of [join(nested, index), web.url + index, `${web.url}${index}?key=1`, remote]) {
      const opened = await openNetwork(place, options())
      expect([opened.model, opened.classes], place).toEqual(['cifar_resnet8', ['ant', 'b', 'c']])
      expect((await readWeights(place, options())).size, place).toBe(state.size)
      const { container, metadata, models } = await describeWeights(place, options())
      const own = place === remote ? `hf:owner/net@${hub.commit}` : place
      expect(container).toBe(`safetensors in 2 files from ${own}`)
      expect(metadata).toMatchObject({ architecture: 'cifar_resnet8', licence: 'cc-by-nc-4.0', format: 'pt' })
      expect(models).toEqual(['cifar_resnet8'])
    }
    expect((await readWeights(pathToFileURL(join(nested, index)))).size).toBe(state.size)

    await rm(join(nested, part(1)))
    hub.files.delete(`sub/${part(1)}`)
    for (const place of [join(nested, index), web.url + index, remote])
      await expect(readWeights(place, options()), place).rejects.toThrow(
        `names the part ${place === remote ? 'sub/' : ''}${part(1)}, which is not there: download the repository whole`
      )
    // Its bytes alone do not say where the others are.
    await expect(readWeights(Buffer.from(files.get(index) ?? ''))).rejects.toThrow(
      'is an index of weights in several files; give its path or address, beside which those are'
    )
  })

  it('says in its card what its licence is', async () => {
    await writeFile(join(folder, 'config.json'), config({ pretrained_cfg: {} }))
    await writeFile(join(folder, 'model.safetensors'), encodeWeights(state))
    await writeFile(join(folder, 'README.md'), '---\ntags: [a]\nlicense: "cc-by-nc-4.0"\n---\nlicense: no')
    const onNote = vi.fn()
    await openNetwork(folder, { onNote })
    expect(onNote.mock.calls.flat()).toEqual([`${folder}: its licence is cc-by-nc-4.0`])
    expect((await describeWeights(folder)).metadata).toMatchObject({
      architecture: 'cifar_resnet8',
      licence: 'cc-by-nc-4.0',
      file: 'model.safetensors'
    })
  })

  it('is described with its commit, and by its own word where another model looks the same', async () => {
    expect(await describeWeights('hf:owner/net@main', options())).toMatchObject({
      container: `safetensors from hf:owner/net@${hub.commit}`,
      metadata: {
        architecture: 'cifar_resnet8',
        licence: 'cc-by-nc-4.0',
        repository: 'owner/net',
        revision: 'main',
        commit: hub.commit,
        file: 'model.safetensors'
      },
      numClasses: 3
    })
    const anew = () =>
      describeWeights('hf:owner/net', { hub: { ...options().hub, cacheFolder: nextCache() } })
    const blurred = MODELS.resnetblur18.build({ numClasses: 3 }).stateDict()
    hub.files.set('model.safetensors', encodeWeights(blurred))
    hub.files.set('config.json', Buffer.from(config({ architecture: 'resnetblur18' })))
    expect((await anew()).models).toEqual(['resnetblur18'])
    // Of a network that is not here, its weights are described all the same.
    hub.files.set('config.json', Buffer.from(config({ architecture: 'vit_base' })))
    const { metadata, models } = await anew()
    expect([metadata.architecture, models]).toEqual(['vit_base', ['resnet18']])
    hub.files.set('config.json', Buffer.from('{'))
    expect((await anew()).metadata.architecture).toBeUndefined()
  })

  it('says by its config.json what its file of weights is of, too', async () => {
    const [weights, other] = ['model.safetensors', 'other.safetensors'].map(file => join(folder, file))
    const blurred = encodeWeights(MODELS.resnetblur18.build({ numClasses: 3 }).stateDict())
    for (const file of [weights, other]) await writeFile(file, blurred)
    await writeFile(join(folder, 'config.json'), config({ architecture: 'resnetblur18' }))
    expect(await describeWeights(weights)).toMatchObject({
      models: ['resnetblur18'],
      metadata: { architecture: 'resnetblur18' }
    })
    await expect(openNetwork('resnet18', { weights })).rejects.toThrow("these are resnetblur18's weights")
    expect((await openNetwork('resnetblur18', { weights })).model).toBe('resnetblur18')
    // A file of another name need not be the repository's.
    expect((await openNetwork('resnet18', { weights: other })).model).toBe('resnet18')
    const caffe = MODELS.resnet50.build({ numClasses: 3 }).stateDict()
    await writeFile(weights, encodeWeights(translateWeights(caffe, { to: 'hf' })))
    const transformers = { model_type: 'resnet', downsample_in_bottleneck: true }
    await writeFile(join(folder, 'config.json'), JSON.stringify(transformers))
    const notes: string[] = []
    const { form } = await openNetwork('resnet50', { weights, onNote: note => notes.push(note) })
    expect(form.arithmetic).toEqual({ strideIn1x1: true })
    expect(notes.join()).toContain('says that its network has strideIn1x1: true')
    await writeFile(weights, blurred)
    for (const nothing of ['{', '[]', '{"a": 1}', '{"architecture": 3}']) {
      await writeFile(join(folder, 'config.json'), nothing)
      expect((await describeWeights(weights)).models).toEqual(['resnet18'])
    }
    await rm(join(folder, 'config.json'))
    expect((await openNetwork('resnet18', { weights })).model).toBe('resnet18')
  })

  it("of another model gives its weights alone, and says so: its classes are not that model's", async () => {
    hub.files.set('config.json', Buffer.from(config({ architecture: 'resnet18' })))
    await expect(openNetwork('hf:owner/net', options())).rejects.toThrow(/these are cifar_resnet8's weights/)
    const onNote = vi.fn()
    const opened = await openNetwork('cifar_resnet8', { ...options(), weights: 'hf:owner/net', onNote })
    expect(opened.classes).toBeUndefined()
    expect(opened.shape).toEqual([3, 32, 32])
    expect(onNote).toHaveBeenLastCalledWith(
      "hf:owner/net: says of itself that it is resnet18's, not cifar_resnet8's: only its weights are used"
    )
    // Names of fewer classes than it has: its own fault alone, where a model is named.
    hub.files.set('config.json', Buffer.from(config({ label_names: ['a', 'b'] })))
    const again = { hub: { ...options().hub, cacheFolder: nextCache() }, onNote }
    const plain = await openNetwork('cifar_resnet8', { ...again, weights: 'hf:owner/net' })
    expect(plain.classes).toBeUndefined()
    expect(onNote).toHaveBeenLastCalledWith(
      expect.stringMatching(
        /names 2 classes, but its weights of cifar_resnet8 have 3.*only its weights are used$/
      )
    )
  })

  it('has as many classes as its classifier, whatever other matrices there are', async () => {
    const behind = new Map(Array.from(state, ([key, tensor]) => [`model.${key}`, tensor]))
    for (const other of ['loss.centres.weight', 'queue']) behind.set(other, zeros([7, 64]))
    hub.files.set('model.safetensors', encodeWeights(behind))
    const opened = await openNetwork('hf:owner/net', options())
    expect(opened.classes).toEqual(['ant', 'b', 'c'])
    expect((await describeWeights('hf:owner/net', options())).numClasses).toBe(3)
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

  it('says where bottlenecks stride, and basic blocks have no such place', () => {
    const arithmetic = (more: object) => readHubNetwork(about(more), undefined, 'x').arithmetic
    expect(arithmetic({ downsample_in_bottleneck: true })).toEqual({ strideIn1x1: true })
    expect(arithmetic({})).toEqual({ strideIn1x1: false })
    const basic = { layer_type: 'basic', hidden_sizes: [64, 128, 256, 512], downsample_in_bottleneck: true }
    expect(arithmetic(basic)).toBe(undefined)
  })

  it.each([
    [{ downsample_in_first_stage: true }, /downsample_in_first_stage/],
    [{ depths: [1, 1, 1, 1] }, /depths 1, 1, 1, 1/],
    [{ id2label: { 0: 'a', 2: 'b' } }, /a name for each index/]
  ])('with %j is refused', (more, sentence) => {
    expect(() => readHubNetwork(about(more), undefined, 'x')).toThrow(sentence)
  })
})
