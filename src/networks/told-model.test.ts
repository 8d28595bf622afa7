// Names that timm has given up, typed or found in what its training script wrote.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { joinBytes } from '../base/bytes.js'
import { findModel } from '../models/registry.js'
import { timmPreset } from '../models/timm-presets.js'
import { resnet18 } from '../models/resnet/resnet.js'
import type { Module } from '../nn/module/module.js'
import type { StateDict } from '../tensor/state-dict.js'
import { zeros } from '../tensor/tensor.js'
import { encodeWeights } from '../weights/write-weights.js'
import { classifier } from './classifier.js'
import { describeWeights } from './describe-weights.js'
import { namedModel } from './named-model.js'
import { openNetwork } from './open-network.js'
import { toldModel } from './told-model.js'

/** What a training script saves: a state dict beside the name of its model. */
function checkpoint(stateDict: StateDict, arch: string): File {
  const files = unzipSync(encodeWeights(stateDict, { format: 'pth' }))
  const [name = ''] = Object.keys(files).filter(each => each.endsWith('data.pkl'))
  const text = (value: string): Uint8Array =>
    joinBytes([Uint8Array.of(0x58, value.length, 0, 0, 0), strToU8(value)])
  // PROTO 2, EMPTY_DICT, MARK, the entries, SETITEMS, STOP; the state dict without its own PROTO and STOP.
  files[name] = joinBytes([
    strToU8('\u0080\u0002}(', true),
    text('arch'),
    text(arch),
    text('state_dict'),
    files[name].subarray(2, -1),
    strToU8('u.', true)
  ])
  expect(strFromU8(files[name].subarray(-2), true)).toBe('u.')
  return new File([Uint8Array.from(zipSync(files, { level: 0 }))], 'model_best.pth.tar')
}

function zeroed(net: Module): StateDict {
  return new Map(Array.from(net.stateDict(), ([key, { shape, dtype }]) => [key, zeros(shape, dtype)]))
}

const gluon = zeroed(findModel('resnet18').build({ numClasses: 3 }))

describe('a name that timm has given up', () => {
  it('opens the network that it stands for, with that tag’s preparation, and says so', async () => {
    const notes: string[] = []
    const onNote = (note: string): unknown => notes.push(note)
    const opened = await openNetwork('swsl_resnet18', { seed: 0, onNote })
    expect(opened.model).toBe('resnet18')
    expect(notes).toEqual(["swsl_resnet18 is a deprecated name of timm's: use resnet18.fb_swsl_ig1b_ft_in1k"])
    const transforms = await timmPreset('resnet18.fb_swsl_ig1b_ft_in1k')
    expect(opened.transforms).toEqual((await openNetwork('resnet18', { seed: 0, transforms })).transforms)
  })

  it('takes weights as that network does', async () => {
    const { net, model } = await openNetwork('gluon_resnet18_v1b', { weights: gluon })
    expect([model, net.stateDict().get('fc.weight')?.shape]).toEqual(['resnet18', [3, 512]])
  })

  it('stands for a network without a tag, too', async () => {
    expect((await namedModel('seresnext26tn_32x4d')).model).toBe('seresnext26t_32x4d')
  })

  it('answers not at random, and is not told from others that there are not', async () => {
    await expect(classifier('tv_resnet34')).rejects.toThrow('resnet34: without weights it would answer')
    await expect(openNetwork('ig_resnext101_32x48d')).rejects.toThrow('timm has given up its network')
    await expect(openNetwork('gluon_resnet51_v1b')).rejects.toThrow("There is no model 'gluon_resnet51_v1b'")
  })
})

describe('what a training script saved', () => {
  it('opens as the model that it names', async () => {
    const notes: string[] = []
    const onNote = (note: string): unknown => notes.push(note)
    const opened = await openNetwork(checkpoint(gluon, 'gluon_resnet18_v1b'), { onNote })
    expect([opened.model, opened.origin, opened.form.numClasses]).toEqual([
      'resnet18',
      'model_best.pth.tar',
      undefined
    ])
    expect(opened.net.stateDict().get('fc.weight')?.shape).toEqual([3, 512])
    expect(notes[0]).toBe(
      'model_best.pth.tar: opened as resnet18.gluon_in1k, which it says that it is of (arch: gluon_resnet18_v1b)'
    )
    const { transforms } = await openNetwork('gluon_resnet18_v1b', { seed: 0 })
    expect(opened.transforms).toEqual(transforms)
  })

  it('is described as that model’s, where another looks the same', async () => {
    const notes: string[] = []
    const found = await describeWeights(checkpoint(gluon, 'gluon_resnet18_v1b'), {
      onNote: note => notes.push(note)
    })
    expect([found.models, found.metadata.arch]).toEqual([['resnet18'], 'gluon_resnet18_v1b'])
    expect(notes).toEqual(["gluon_resnet18_v1b is a deprecated name of timm's: use resnet18.gluon_in1k"])
    const blurred = await describeWeights(checkpoint(gluon, 'resnetblur18'))
    expect(blurred.models).toEqual(['resnetblur18'])
  })

  it('loads into no network that computes something else', async () => {
    const weights = checkpoint(gluon, 'resnetblur18')
    await expect(openNetwork('resnet18', { weights })).rejects.toThrow(
      "these are resnetblur18's weights, by what it says of itself"
    )
    expect((await openNetwork('resnetblur18', { weights })).model).toBe('resnetblur18')
  })

  it('is a model’s by other keys too, of which the first that is here counts', async () => {
    const said = async (metadata: Readonly<Record<string, string>>): Promise<string | undefined> =>
      (await toldModel(metadata))?.model
    for (const path of [
      'architecture',
      'model_name',
      'args.model',
      'hyper_parameters.backbone',
      'hyper_parameters.encoder_name',
      'config.model.name',
      'config.net.arch'
    ])
      expect([path, await said({ epoch: '3', [path]: 'resnetblur18' })]).toEqual([path, 'resnetblur18'])
    expect(await said({ model: 'vit_base', 'args.arch': 'resnetaa50' })).toBe('resnetaa50')
    expect(await said({ 'args.model': 'resnetaa50', arch: 'resnet50' })).toBe('resnet50')
    expect(await said({ 'data.name': 'resnet50', teacher: 'resnet50', arch: '' })).toBeUndefined()
  })

  it('loads into no constructor’s network that computes something else', async () => {
    const weights = checkpoint(gluon, 'resnetblur18')
    await expect(openNetwork(resnet18, { weights })).rejects.toThrow("these are resnetblur18's weights")
  })

  it('of Caffe’s loads only where an option says what it is', async () => {
    const bytes = encodeWeights(gluon)
    const weights = new File([bytes], 'resnet18_caffe-0123.safetensors')
    await expect(openNetwork('resnet18', { weights })).rejects.toThrow(
      "0123.safetensors: these are Caffe's weights, by what it says of itself ('caffe')"
    )
    await expect(openNetwork(resnet18, { weights })).rejects.toThrow("pixels: 'caffe'")
    const { model } = await openNetwork('resnet18', { weights, assume: { pixels: 'rgb' } })
    expect(model).toBe('resnet18')
  })

  it('is no network’s where it names none that is here', async () => {
    expect(await toldModel({ arch: 'vit_base' })).toBe(undefined)
    expect(await toldModel(undefined)).toBe(undefined)
    await expect(openNetwork(checkpoint(gluon, 'vit_base'))).rejects.toThrow(
      "holds weights, but not which model they are of; name the model, and give the file as its weights; these are resnet18's weights"
    )
  })
})
