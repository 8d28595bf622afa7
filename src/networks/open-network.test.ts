import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cifar_resnet8, cifar_resnet20 } from '../models/resnet/cifar-resnet.js'
import { makePipeline } from '../images/pipeline/pipeline.js'
import { resize, resizeShorter } from '../images/steps/geometry.js'
import { toTensor } from '../images/steps/to-tensor.js'
import { MODELS } from '../models/registry.js'
import { resnet18 } from '../models/resnet/resnet.js'
import { ResNet18_Weights } from '../models/weights.js'
import { Linear } from '../nn/layers/linear.js'
import { imageSizeOf } from '../nn/layers/probe-body.js'
import { Module } from '../nn/module/module.js'
import { plainTwin } from '../nn/rewrite/plain.js'
import { bytesOf } from '../tensor/dtype.js'
import { manualSeed } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { zeros, type Tensor } from '../tensor/tensor.js'
import { translateWeights } from '../weights/dialects/translate.js'
import { encodeWeights, writeWeights } from '../weights/write-weights.js'
import { CHECKPOINT_VERSION, DIGITS_CHECKPOINT, METADATA_KEY, type CheckpointNetwork } from './checkpoint.js'
import { classifier } from './classifier.js'
import { CheckpointError, NetworkError } from './network-error.js'
import { openNetwork } from './open-network.js'
import { isPath, isScript, type OpenNetworkOptions } from './opening.js'

let folder: string
let weights: string
manualSeed(7)
const trained = cifar_resnet8({ numClasses: 4 })
const state = trained.stateDict()
const head = (net: Module): unknown => net.stateDict().get('fc.bias')?.shape[0]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-open-'))
  weights = join(folder, 'w.safetensors')
  await writeWeights(weights, state)
})
afterAll(() => rm(folder, { recursive: true }))

/** All values, as a hash: comparing them one by one takes seconds. */
const bits = (stateDict: StateDict): string => {
  const hash = createHash('sha256')
  for (const [name, { data }] of stateDict) hash.update(name).update(bytesOf(data))
  return hash.digest('hex')
}

const DATA = { path: '/photos', images: 9, holdBack: 0.2, seed: 0 }

/** A checkpoint of that network. */
const checkpointOf = (change: Partial<CheckpointNetwork> = {}): Blob => {
  const network: CheckpointNetwork = {
    model: 'cifar_resnet8',
    options: { numClasses: 4, inChannels: 3, residual: true },
    classes: ['a', 'b', 'c', 'd'],
    transforms: [
      { name: 'resize', size: { width: 16, height: 16 } },
      { name: 'toTensor', mean: [0], std: [1] }
    ],
    ...change
  }
  const about = JSON.stringify({ version: CHECKPOINT_VERSION, network })
  return new Blob([encodeWeights(state, { metadata: { [METADATA_KEY]: about } })])
}

describe('a source', () => {
  it.each([
    ['resnet18', false, false],
    ['./net.mjs', true, true],
    ['net.TS', true, true],
    ['runs/x', true, false],
    ['best.safetensors', true, false],
    ['resnet18.v1', false, false]
  ])('%s is a path: %s, a script: %s', (source, path, script) => {
    expect([isPath(source), isScript(source)]).toEqual([path, script])
  })

  it('that is a URL or a file is a path', () => {
    const url = new URL('file:///a/net.mjs?x=1')
    expect([isPath(url), isScript(url), isScript(new Blob([])), isPath(new Blob([]))]).toEqual([
      true,
      true,
      false,
      true
    ])
  })
})

describe('a model by its name', () => {
  it('is built from a seed, for images of its size', async () => {
    const { net, model, origin, shape, classes, file } = await openNetwork('cifar_resnet8', {
      seed: 7,
      numClasses: 4
    })
    expect({ model, origin, shape, classes, file }).toEqual({
      model: 'cifar_resnet8',
      origin: 'untrained weights of seed 7',
      shape: [3, 32, 32],
      classes: undefined,
      file: undefined
    })
    expect(bits(net.stateDict())).toBe(bits(state))
  })

  it('takes weights from a file or a state dict, and as many classes as they tell apart', async () => {
    for (const given of [weights, state]) {
      const { net, origin } = await openNetwork('cifar_resnet8', { weights: given })
      expect(bits(net.stateDict())).toBe(bits(state))
      expect(origin).toBe(given === weights ? weights : 'a state dict')
    }
  })

  it('has another head where that is asked for, and is refused otherwise', async () => {
    const tuned = await openNetwork('cifar_resnet8', { weights, numClasses: 2, newHead: true })
    expect(head(tuned.net)).toBe(2)
    expect(tuned.net.stateDict().get('conv1.weight')).toEqual(state.get('conv1.weight'))
    await expect(openNetwork('cifar_resnet8', { weights, numClasses: 2 })).rejects.toThrow(NetworkError)
  })

  it('is told which model weights are of', async () => {
    const error = await openNetwork('resnet18', { weights }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ path: weights, remedy: { model: 'cifar_resnet8' } })
    expect(String(error)).toMatch(/does not fit ResNet:[^]*\nthese are cifar_resnet8's weights$/)
    // Without a flag's name: a program has none.
    expect(String(error)).not.toContain('--')
  })

  describe('is told what keeps weights from fitting', () => {
    const small = resnet18({ numClasses: 2 }).stateDict()
    const misfit = async (change: (weights: Map<string, Tensor>) => void): Promise<string> => {
      const changed = new Map(small)
      change(changed)
      const error = await openNetwork('resnet18', { weights: changed }).catch((reason: unknown) => reason)
      return error instanceof NetworkError ? (error.message.split('\n').at(-1) ?? '') : String(error)
    }

    const replace = (weights: Map<string, Tensor>, others: Iterable<readonly [string, Tensor]>): void => {
      weights.clear()
      for (const [key, tensor] of others) weights.set(key, tensor)
    }

    it('tensors of something else', async () => {
      expect(await misfit(weights => weights.set('mean', zeros([3])).set('std', zeros([3])))).toBe(
        "these are resnet18's weights, with 2 tensors of something else; resnet weights shows what is in the file"
      )
    })

    it('parameters alone', async () => {
      const parameters = await misfit(weights => {
        for (const key of small.keys()) if (/running_|num_batches/.test(key)) weights.delete(key)
      })
      expect(parameters).toMatch(/^these are parameters alone, .* save net\.state_dict\(\) instead/)
    })

    it('another stem, or other channels', async () => {
      expect(await misfit(weights => weights.set('conv1.weight', zeros([64, 3, 3, 3])))).toMatch(
        /^these are resnet18's weights with a 3×3 stem, for small pictures: build that in a JavaScript file/
      )
      expect(await misfit(weights => weights.set('conv1.weight', zeros([64, 1, 7, 7])))).toBe(
        "these are resnet18's weights, for pictures of 1 channel: the option inChannels builds the network so"
      )
    })

    it('that there are none', async () => {
      expect(await misfit(weights => weights.clear())).toMatch(/^it holds no tensors/)
    })

    it('tensors that are missing', async () => {
      expect(await misfit(weights => weights.delete('bn1.bias'))).toMatch(
        /^their names are torchvision's, and 1 of the network's 122 tensors is missing: save all of net\.state_dict\(\)/
      )
      const theirs = new Map(translateWeights(small, { to: 'hf' }))
      theirs.delete('classifier.1.bias')
      expect(await misfit(weights => replace(weights, theirs))).toMatch(
        /^their names are Hugging Face transformers's, and 1 of the network's 122 tensors is missing/
      )
    })

    it.each(['layer4', 'layer1'])('a prefix before some of their names alone, such as %s', async part => {
      const wrapped = Array.from(
        small,
        ([key, tensor]) => [key.startsWith(part) ? `module.${key}` : key, tensor] as const
      )
      expect(await misfit(weights => replace(weights, wrapped))).toMatch(
        /^only some of their names begin with "module\.": take it off those/
      )
    })

    it('names of two projects in one file', async () => {
      const theirs = translateWeights(small, { to: 'hf' })
      const own = [...small].filter(([key]) => key.startsWith('layer2'))
      const mixed = [...own, ...[...theirs].filter(([key]) => !key.includes('stages.1.'))]
      expect(await misfit(weights => replace(weights, mixed))).toMatch(
        /^some of their names are Hugging Face transformers's, others PyTorch's: take all tensors from one network/
      )
      const foreign = [...theirs].filter(([key]) => key.includes('stages.1.'))
      const rest = [...small].filter(([key]) => !key.startsWith('layer2'))
      expect(await misfit(weights => replace(weights, [...rest, ...foreign]))).toMatch(
        /^some of their names are torchvision's, others Hugging Face transformers's/
      )
    })
  })

  it('says what is near a name that there is not', async () => {
    await expect(openNetwork('resnet19')).rejects.toThrow("no model 'resnet19'; did you mean resnet18")
    await expect(openNetwork('resnet18', { weights: 'IMAGENET1K_V3' })).rejects.toThrow(
      'IMAGENET1K_V3: no such file; did you mean IMAGENET1K_V1?'
    )
    await expect(openNetwork('resnet18', { export: 'a' })).rejects.toThrow('chooses from a JavaScript file')
  })

  it('takes the input that is asked for', async () => {
    const shapeFor = async (options: OpenNetworkOptions): Promise<unknown> =>
      (await openNetwork('cifar_resnet8', options)).shape
    expect(await shapeFor({ inChannels: 1 })).toEqual([1, 32, 32])
    expect(await shapeFor({ inChannels: 1, input: ['N', 1, 8, 12] })).toEqual([1, 8, 12])
    const four = await openNetwork('cifar_resnet8', { inChannels: 4 })
    expect(four.shape).toEqual([4, 32, 32])
    expect(() => four.prepare({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) })).toThrow(
      'is no picture'
    )
  })

  it('prepares pictures as its published weights want them', async () => {
    const { transforms } = ResNet18_Weights.IMAGENET1K_V1
    const { shape } = await openNetwork('resnet18', { transforms: { ...transforms, cropSize: 96 } })
    expect(shape).toEqual([3, 96, 96])
  })
})

describe('a network, or what builds one', () => {
  class Tiny extends Module {
    fc = new Linear(3, 2)
    forward = this.fc.forward.bind(this.fc)
  }

  it('is opened as it is', async () => {
    const { net, model } = await openNetwork(trained)
    expect(net).toBe(trained)
    expect(model).toBe('CifarResNet')
    expect((await openNetwork(Tiny)).net).toBeInstanceOf(Tiny)
    expect(head((await openNetwork(cifar_resnet8, { numClasses: 3 })).net)).toBe(3)
    expect(head((await openNetwork(cifar_resnet8, { weights })).net)).toBe(4)
  })

  it.each([null, undefined, 7, {}])('is not %s', async source => {
    await expect(openNetwork(source as never)).rejects.toThrow("openNetwork: source: expected a model's name")
  })

  it.each([
    ['residual', false, 'give plainTwin of the network'],
    ['skip', 'shortcut-gate', "build it with that option, or give the model's name"],
    ['gateBias', -1, "build it with that option, or give the model's name"],
    ['export', 'a', 'leave it out'],
    ['file', './net.mjs', 'leave it out']
  ])('has no %s that is decided later', async (option, value, remedy) => {
    const given = { [option]: value } as OpenNetworkOptions
    await expect(openNetwork(trained, given)).rejects.toThrow(
      `${option}: CifarResNet is given as it is built; ${remedy}`
    )
    await expect(openNetwork(cifar_resnet8, given)).rejects.toThrow(
      `${option}: cifar_resnet8 is given as what builds it; ${remedy}`
    )
    await expect(classifier(cifar_resnet8, { ...given, seed: 0 })).rejects.toThrow(`${option}: `)
  })

  it('must be one', async () => {
    const nothing = (() => 3) as unknown as () => Module
    await expect(openNetwork(nothing)).rejects.toThrow('expected a network: a Module')
  })
})

describe('a checkpoint', () => {
  it('brings model, weights, classes and preparation', async () => {
    const { model, shape, classes, net, crop, prepare, data } = await openNetwork(DIGITS_CHECKPOINT)
    expect({ model, shape, data }).toMatchObject({
      model: 'cifar_resnet20',
      shape: [1, 8, 8],
      data: { path: 'digits' }
    })
    expect(classes).toEqual(Array.from('0123456789'))
    expect(await openNetwork('digits')).toMatchObject({ classes, shape, origin: 'digits' })
    expect(head(net)).toBe(10)
    const image = { width: 20, height: 10, channels: 3, data: new Uint8Array(600).fill(100) } as const
    expect(prepare(image).shape).toEqual([1, 8, 8])
    expect(crop(image)).toEqual({ width: 8, height: 8, channels: 1, data: new Uint8Array(64).fill(100) })
  })

  it('that leaves the size open is opened for what its network takes, or for the input that is given', async () => {
    const open = checkpointOf({ transforms: [toTensor({ mean: [0], std: [1] })] })
    const wide = { width: 50, height: 40, channels: 3, data: new Uint8Array(6000) } as const
    for (const [input, side] of [
      [undefined, 32],
      [['N', 3, 16, 16] as const, 16]
    ] as const) {
      const { shape, prepare } = await openNetwork(open, { input })
      expect(shape).toEqual([3, side, side])
      expect(prepare(wide).shape).toEqual([3, side, side])
    }
    expect((await openNetwork(open, { inChannels: 1, newHead: true })).shape).toEqual([1, 32, 32])
    // As weights of a model, and where only the proportions are open.
    expect((await openNetwork('cifar_resnet8', { weights: open })).shape).toEqual([3, 32, 32])
    const shorter = checkpointOf({ transforms: [resizeShorter(16), toTensor()] })
    const { shape, prepare } = await openNetwork(shorter)
    expect([shape, prepare(wide).shape]).toEqual([
      [3, 16, 16],
      [3, 16, 16]
    ])
  })

  it('has the shortcuts that it was trained with', async () => {
    for (const [option, value] of [
      ['residual', false],
      ['skip', 'shortcut-gate'],
      ['gateBias', -1]
    ] as const) {
      await expect(openNetwork(checkpointOf(), { [option]: value })).rejects.toThrow(
        /its network was built (without it|with true), not with (residual|skip|gateBias): /
      )
    }
    expect(await openNetwork(checkpointOf(), { residual: true })).toMatchObject({ model: 'cifar_resnet8' })
  })

  it('that is bundled is called by its name', async () => {
    const notes: string[] = []
    const { origin } = await openNetwork('digits', { inChannels: 3, onNote: note => notes.push(note) })
    expect([origin, notes.length]).toEqual(['digits', 1])
    expect(notes[0]).toMatch(/^digits: /)
    await expect(openNetwork('digits', { numClasses: 3 })).rejects.toThrow(/^digits: its network has 10/)
  })

  it('is built for other classes and channels to be trained on', async () => {
    const options = { numClasses: 7, inChannels: 1, newHead: true }
    const { net, form, shape } = await openNetwork(checkpointOf(), options)
    expect(head(net)).toBe(7)
    expect(shape).toEqual([1, 16, 16])
    expect(net.stateDict().get('conv1.weight')?.shape).toEqual([16, 1, 3, 3])
    expect(form).toMatchObject({ numClasses: 7, inChannels: 1 })
  })

  it('has weights and classes of its own', async () => {
    await expect(openNetwork(checkpointOf(), { weights })).rejects.toThrow('give no others')
    await expect(openNetwork(checkpointOf(), { numClasses: 7 })).rejects.toThrow('has 4 classes, not 7')
    await expect(openNetwork(checkpointOf(), { file: './a.mjs' })).rejects.toThrow('leave out ./a.mjs')
  })

  it('has a name for each output, also where the data had fewer classes', async () => {
    const { classes } = await openNetwork(checkpointOf({ classes: ['a', 'b'] }))
    expect(classes).toEqual(['a', 'b', 'class 2', 'class 3'])
  })

  it.each([
    [{ options: { numClasses: 2, inChannels: 3, residual: true }, classes: ['a', 'b'] } as const],
    [{ classes: ['a', 'b', 'c', 'd', 'e'] }]
  ])('is refused where its description does not fit its weights', async change => {
    await expect(openNetwork(checkpointOf(change))).rejects.toThrow('its weights have 4 outputs, but')
  })

  it('brings the same along when it is given as weights', async () => {
    const asWeights = join(folder, 'described.safetensors')
    await writeFile(asWeights, new Uint8Array(await checkpointOf({ data: DATA }).arrayBuffer()))
    for (const source of ['cifar_resnet8', cifar_resnet8, cifar_resnet8({ numClasses: 4 })]) {
      const { classes, shape, data } = await openNetwork(source, { weights: asWeights })
      expect({ classes, shape, data }).toEqual({
        classes: ['a', 'b', 'c', 'd'],
        shape: [3, 16, 16],
        data: DATA
      })
    }
    const tuned = await openNetwork('cifar_resnet8', { weights: asWeights, newHead: true, numClasses: 2 })
    expect(tuned.classes).toBeUndefined()
    const other = await openNetwork('cifar_resnet8', { weights: asWeights, input: ['N', 3, 8, 8] })
    expect(other.shape).toEqual([3, 8, 8])
  })

  it('lends its channels too', async () => {
    for (const source of ['cifar_resnet20', cifar_resnet20]) {
      const { shape, classes } = await openNetwork(source, { weights: fileURLToPath(DIGITS_CHECKPOINT) })
      expect({ shape, classes }).toEqual({ shape: [1, 8, 8], classes: Array.from('0123456789') })
    }
  })

  it('lends its weights where its description cannot be read, and says so', async () => {
    const asWeights = join(folder, 'foreign.safetensors')
    await writeWeights(asWeights, state, { metadata: { [METADATA_KEY]: '{"version":9}' } })
    const notes: string[] = []
    const onNote = (note: string): void => void notes.push(note)
    const { classes } = await openNetwork('cifar_resnet8', { weights: asWeights, onNote })
    expect(classes).toBeUndefined()
    expect(notes).toEqual([
      `${asWeights}: was not written by this version of the package; only its weights are used`
    ])
  })

  it('that is only weights is told which model they are of', async () => {
    const error = await openNetwork(weights).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CheckpointError)
    expect(error).toMatchObject({ remedy: { model: 'cifar_resnet8' } })
    expect(String(error)).toContain(
      "not which model they are of; name the model, and give the file as its weights; these are cifar_resnet8's weights"
    )
  })
})

describe('the size of images', () => {
  it.each(['cifar_resnet8', 'cifar_preact_resnet20', 'resnet18'] as const)(
    'of %s is the same by name, constructor and network',
    async name => {
      const { build, inputSize } = MODELS[name]
      const [byName, ...others] = await Promise.all(
        [name, build, build(), plainTwin(build(), { input: [1, 3, 32, 32] })].map(source =>
          openNetwork(source)
        )
      )
      expect(byName.shape).toEqual([3, inputSize, inputSize])
      for (const { shape, transforms } of others) {
        expect({ shape, transforms }).toEqual({ shape: byName.shape, transforms: byName.transforms })
      }
    }
  )

  it('is known to the networks of the registry', () => {
    for (const name of ['resnet18', 'cifar_resnet110', 'cifar_preact_resnet56'] as const) {
      const { build, inputSize } = MODELS[name]
      expect(imageSizeOf(build())).toBe(inputSize)
    }
  })

  it('has as many channels as a network at hand takes', async () => {
    const { shape, prepare } = await openNetwork(cifar_resnet8({ inChannels: 1 }))
    expect(shape).toEqual([1, 32, 32])
    const picture = { width: 40, height: 30, channels: 3, data: new Uint8Array(3600) } as const
    expect(prepare(picture).shape).toEqual([1, 32, 32])
  })

  const steps = [toTensor({ mean: [0.3], std: [0.4] })]
  it.each([
    ['a list of steps', steps],
    ['a pipeline', makePipeline(steps)],
    ['a list that makes a size', [resize([8, 8]), ...steps]]
  ])('is that of the input where the preparation is %s', async (_, transforms) => {
    const net = cifar_resnet8({ inChannels: 1 })
    const data = Uint8Array.from({ length: 64 }, (_, i) => 3 * i)
    const picture = { width: 8, height: 8, channels: 1, data } as const
    for (const source of [net, DIGITS_CHECKPOINT]) {
      const { shape, prepare } = await openNetwork(source, { transforms, input: ['N', 1, 8, 8] })
      expect(shape).toEqual([1, 8, 8])
      expect(prepare(picture)).toEqual(makePipeline(steps)(picture))
    }
  })

  it('comes with transforms of a known kind, or with a message that names them', async () => {
    const transforms = 'crop' as unknown as []
    await expect(openNetwork('resnet18', { transforms })).rejects.toThrow(
      'openNetwork: transforms: expected options such as { cropSize: 32 }, a list of steps such as [toTensor()], or what makePipeline makes'
    )
  })
})
