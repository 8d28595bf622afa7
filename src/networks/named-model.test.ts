import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startHub, type HubServer } from '../../test/support/hub-server.js'
import { timmPreset, timmTags } from '../models/timm-presets.js'
import { MODELS } from '../models/registry.js'
import { ResNet50_Weights } from '../models/weights.js'
import { cifar_resnet20 } from '../models/resnet/cifar-resnet.js'
import { resnet50 } from '../models/resnet/resnet.js'
import { encodeWeights } from '../weights/write-weights.js'
import { outputsOf } from './build-network.js'
import { classifier } from './classifier.js'
import { describeWeights } from './describe-weights.js'
import { namedModel, publishedWeights } from './named-model.js'
import { openNetwork } from './open-network.js'

const TAG = 'test_resnet.r160_in1k'

describe('a name with a tag', () => {
  it('opens timm’s network of that tag, untrained, with its preparation of pictures', async () => {
    const [{ train, test }] = await timmTags('test_resnet')
    const { net, model, origin, shape, transforms, licence, form } = await openNetwork(TAG, { seed: 0 })
    expect({ model, origin, shape, licence, form }).toEqual({
      model: 'test_resnet',
      origin: 'untrained weights of seed 0',
      shape: [3, 160, 160],
      licence: undefined,
      form: { numClasses: 1000 }
    })
    expect(outputsOf(net)).toBe(1000)
    const { transforms: asked } = await openNetwork('test_resnet', { transforms: train })
    expect(transforms).toEqual(asked)
    expect(test).toEqual(train)
  })

  it('has the size of training, as in timm, or on request that of tests', async () => {
    const name = 'resnet10t.c3_in1k'
    expect((await openNetwork(name)).shape).toEqual([3, 176, 176])
    const opened = await openNetwork(name, { testSize: true })
    expect(opened.shape).toEqual([3, 224, 224])
    const same = await openNetwork('resnet10t', { transforms: await timmPreset(name, { testSize: true }) })
    expect(opened.transforms).toEqual(same.transforms)
  })

  it('has as many classes as the weights, unless others are asked for', async () => {
    const outputs = async (name: string, numClasses?: number) => {
      const { net, isHeadless } = await openNetwork(name, { numClasses })
      return [outputsOf(net), isHeadless]
    }
    expect(await outputs('resnetaa50d.d_in12k')).toEqual([11821, false])
    expect(await outputs('resnetaa50d.d_in12k', 7)).toEqual([7, false])
    // A backbone.
    expect(await outputs('resnet50.bamboo')).toEqual([1000, true])
    expect(await outputs('resnet50.bamboo', 7)).toEqual([7, false])
  })

  it.each([
    ['resnet50.a1_in2k', "There is no tag 'a1_in2k' of resnet50; timm has a1_in1k, "],
    ['vgg11.tv_in1k', "There is no tag 'tv_in1k' of vgg11: timm's residual networks have tags"],
    ['resnet51.a1_in1k', "There is no model 'resnet51'; did you mean resnet50"],
    ['net.onnx', "There is no model 'net.onnx'"],
    ['.a1_in1k', "There is no model '.a1_in1k'"]
  ])('%s is refused', async (name, sentence) => {
    await expect(openNetwork(name)).rejects.toThrow(sentence)
  })

  it('answers at random without weights, which a classifier does not', async () => {
    await expect(classifier(TAG)).rejects.toThrow('test_resnet: without weights it would answer at random')
  })
})

describe('published weights', () => {
  const of = async (name: string, weights: string) => publishedWeights(await namedModel(name), weights)

  it.each([
    ['resnet50.a1_in1k', 'DEFAULT', 'hf:timm/resnet50.a1_in1k'],
    ['resnet50', 'a1_in1k', 'hf:timm/resnet50.a1_in1k'],
    ['resnet50', 'resnet50.tv2_in1k', 'hf:timm/resnet50.tv2_in1k'],
    ['resnet50.a1_in1k', 'a2_in1k', 'hf:timm/resnet50.a2_in1k'],
    ['se_resnet50', 'ra2_in1k', 'hf:timm/seresnet50.ra2_in1k'],
    ['se_resnet50.ra2_in1k', 'DEFAULT', 'hf:timm/seresnet50.ra2_in1k'],
    ['resnet50', 'resnet34.a1_in1k', undefined],
    ['resnet50', './a1_in1k', undefined],
    ['resnet50', 'hf:timm/resnet50.a1_in1k', undefined]
  ])('of %s, %s, are %s', async (name, weights, address) => {
    expect(await of(name, weights)).toBe(address)
  })

  it('of torchvision keep their names, also where a tag is named', async () => {
    expect(await of('resnet50', 'DEFAULT')).toBe(ResNet50_Weights.DEFAULT)
    expect(await of('resnet50.a1_in1k', 'IMAGENET1K_V1')).toBe(ResNet50_Weights.IMAGENET1K_V1)
  })

  it.each([
    [
      'resnet26d',
      'DEFAULT',
      ' of resnet26d by that name; timm has resnet26d.bt_in1k: name one as the model, or give'
    ],
    ['ecaresnet200d', 'DEFAULT', ' of ecaresnet200d: give a file'],
    [
      'ecaresnet200d.untrained',
      'DEFAULT',
      ' of ecaresnet200d.untrained, as timm has only the network: give a file'
    ],
    ['cifar_resnet20', 'DEFAULT', ' of cifar_resnet20: give a file']
  ])('of %s, %s, are not there', async (name, weights, sentence) => {
    await expect(openNetwork(name, { weights })).rejects.toThrow(`There are no published weights${sentence}`)
  })

  it.each([
    ['by its name', 'resnet50' as const],
    ['by what builds it', resnet50]
  ])('of a model %s are suggested where no file has the name', async (_, model) => {
    await expect(openNetwork(model, { weights: 'a1_in2k' })).rejects.toThrow('did you mean a1_in1k')
  })

  it('of a model by what builds it are not there where there are none', async () => {
    await expect(classifier(cifar_resnet20, { weights: 'DEFAULT' })).rejects.toThrow(
      'There are no published weights of cifar_resnet20: give a file'
    )
  })
})

describe('the weights of a tag', () => {
  const state = MODELS.test_resnet.build({ numClasses: 5 }).stateDict()
  const config = {
    architecture: 'test_resnet',
    num_classes: 5,
    pretrained_cfg: { input_size: [3, 32, 32], test_input_size: [3, 64, 64], license: 'cc-by-nc-4.0' }
  }
  let folder: string
  let hub: HubServer
  let notes: string[]
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-tags-'))
    hub = await startHub({ 'config.json': JSON.stringify(config), 'model.safetensors': encodeWeights(state) })
    hub.renamed.set(`timm/${TAG}`, 'owner/net')
  })
  beforeEach(() => {
    notes = []
  })
  afterEach(() => {
    hub.card = {}
  })
  afterAll(async () => {
    await hub[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const options = () => ({
    hub: { endpoint: hub.endpoint, cacheFolder: folder, token: 'hf_x', retries: 0 },
    onNote: (note: string) => void notes.push(note)
  })

  it('come from its repository, with its classes, preparation and licence', async () => {
    const opened = await openNetwork(TAG, { ...options(), weights: 'DEFAULT' })
    const { model, origin, shape, licence, classes } = opened
    expect({ model, origin, shape, licence }).toEqual({
      model: 'test_resnet',
      origin: `hf:timm/${TAG}`,
      shape: [3, 32, 32],
      licence: 'cc-by-nc-4.0'
    })
    expect(classes).toHaveLength(5)
    expect(opened.net.stateDict().get('fc.weight')?.data).toEqual(state.get('fc.weight')?.data)
    expect(notes).toContain(`hf:timm/${TAG}: its licence is cc-by-nc-4.0`)
  })

  it('come so where their tag is beside what builds the network, too', async () => {
    const weights = TAG.slice(TAG.indexOf('.') + 1)
    const { net, origin, shape, classes } = await openNetwork(MODELS.test_resnet.build, {
      ...options(),
      weights
    })
    expect({ origin, shape, outputs: classes?.length }).toEqual({
      origin: `hf:timm/${TAG}`,
      shape: [3, 32, 32],
      outputs: 5
    })
    expect(net.stateDict().get('fc.weight')?.data).toEqual(state.get('fc.weight')?.data)
  })

  it('are said to have no licence where their repository states none', async () => {
    const { license: _, ...silent } = config.pretrained_cfg
    const told = hub.files.get('config.json') ?? new Uint8Array()
    hub.files.set('config.json', Buffer.from(JSON.stringify({ ...config, pretrained_cfg: silent })))
    const asked = { ...options(), weights: 'DEFAULT' }
    const openedFrom = async (name: string) => {
      const { licence } = await openNetwork(TAG, {
        ...asked,
        hub: { ...asked.hub, cacheFolder: join(folder, name) }
      })
      return licence
    }
    expect(await openedFrom('silent')).toBeUndefined()
    const described = await describeWeights(`hf:timm/${TAG}`, {
      hub: { ...asked.hub, cacheFolder: join(folder, 'silent') }
    })
    expect(described.metadata.licence).toBe('not stated')
    expect(notes.splice(0)).toContain(`hf:timm/${TAG}: it states no licence`)
    hub.card = { license: 'apache-2.0' }
    expect(await openedFrom('card')).toBe('apache-2.0')
    expect(notes.filter(note => note.includes('licence'))).toEqual([])
    hub.files.set('config.json', told)
  })

  it('see pictures of the size for tests on request', async () => {
    const asked = { ...options(), testSize: true }
    const opened = await openNetwork('test_resnet', { ...asked, weights: 'r160_in1k' })
    expect([opened.shape, opened.origin]).toEqual([[3, 64, 64], `hf:timm/${TAG}`])
    expect((await openNetwork(`hf:timm/${TAG}`, asked)).shape).toEqual([3, 64, 64])
  })
})
