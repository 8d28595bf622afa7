import { describe, expect, it } from 'vitest'
import { cifar_resnet8 } from '../models/resnet/cifar-resnet.js'
import { resnet18 } from '../models/resnet/resnet.js'
import { sizeOf } from '../tensor/tensor.js'
import { zeros } from '../tensor/tensor.js'
import { encodeWeights } from '../weights/write-weights.js'
import { translateWeights } from '../weights/dialects/translate.js'
import { describeWeights } from './describe-weights.js'
import { slotName } from './network-tensors.js'

const net = resnet18({ numClasses: 3 })
const parameters = [...net.parameters()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)

describe('describeWeights', () => {
  it.each(['torchvision', 'hf', 'mmpretrain', 'moco'])('of %s', async dialect => {
    const theirs = translateWeights(net.stateDict(), { to: dialect })
    const found = await describeWeights(encodeWeights(theirs, { format: 'pth' }))
    expect(found).toMatchObject({ dialect, models: ['resnet18'], hasHead: true, numClasses: 3, parameters })
    expect(found).toMatchObject({ entry: '', entries: [''], tensors: theirs.size, leftOut: [] })
  })

  it('of a backbone behind a prefix', async () => {
    const { fc: _, ...blocks } = Object.fromEntries(cifar_resnet8().stateDict())
    const state = new Map(Object.entries(blocks).filter(([key]) => !key.startsWith('fc.')))
    const wrapped = new Map(Array.from(state, ([key, tensor]) => [`net.${key}`, tensor]))
    const found = await describeWeights(encodeWeights(wrapped, { metadata: { arch: 'mine' } }))
    expect(found).toMatchObject({
      container: 'safetensors',
      prefix: 'net.',
      models: ['cifar_resnet8'],
      hasHead: false
    })
    expect([found.numClasses, found.metadata]).toEqual([undefined, { arch: 'mine' }])
  })

  it('of a network for small pictures', async () => {
    const small = new Map([...net.stateDict(), ['conv1.weight', zeros([64, 3, 3, 3])]])
    expect(await describeWeights(encodeWeights(small))).toMatchObject({
      models: [],
      modelsButStem: ['resnet18']
    })
    const other = new Map([...net.stateDict(), ['conv1.weight', zeros([64, 3, 5, 5])]])
    for (const state of [other, net.stateDict()])
      expect((await describeWeights(encodeWeights(state))).modelsButStem).toEqual([])
  })

  it('of several networks in one dict', async () => {
    const named = (prefix: string) =>
      Array.from(cifar_resnet8().stateDict(), ([key, tensor]) => [prefix + key, tensor] as const)
    const found = await describeWeights(encodeWeights(new Map([...named('netG.'), ...named('netD.')])))
    expect(found).toMatchObject({ prefix: 'netG.', otherPrefixes: ['netD.'], models: ['cifar_resnet8'] })
    const one = await describeWeights(encodeWeights(new Map(named('netG.'))))
    expect(one.otherPrefixes).toEqual([])
  })

  it('of a checkpoint, whose optimizer has tensors too', async () => {
    const state = cifar_resnet8().stateDict()
    const slots = Array.from(state, ([key, tensor]) => [slotName('momentum', key), tensor] as const)
    const found = await describeWeights(encodeWeights(new Map([...state, ...slots])))
    expect(found).toMatchObject({ dialect: 'torchvision', models: ['cifar_resnet8'], numClasses: 10 })
    expect([found.tensors, found.parameters]).toEqual([2 * state.size, 75_290])
  })

  it('of names that no project has', async () => {
    const state = new Map([['weird.weight', zeros([2, 2])]])
    expect(await describeWeights(encodeWeights(state))).toMatchObject({ dialect: undefined, models: [] })
  })
})
