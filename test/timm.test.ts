// timm's networks against timm: names, shapes and parameters of all, and what each of timm's additions computes. Whole
// networks are compared in slow/timm.test.ts.
import { describe, expect, it } from 'vitest'
import { BasicBlock, Bottleneck, ResNet, resnet50, type Module } from 'resnet-ts'
import { blockWith, findModel, MODELS, modelsFitting, type ModelEntry } from 'resnet-ts/models'
import { SqueezeExcitation } from 'resnet-ts/nn'
import { expectStructure, expectTimm, isLarge, sortedState, TIMM } from './support/timm-goldens.js'
import { SMALL } from './support/timm-small.js'

const entries = Object.entries<ModelEntry>(MODELS)
/** The registry's names that mean the same network in timm. */
const shared = Object.keys(TIMM.structure).filter(name => name in MODELS)

describe('the registry', () => {
  it('has all networks of timm’s ResNet class', () => {
    expect(Object.keys(TIMM.structure).filter(name => !(name in MODELS))).toEqual([])
  })

  it.each(shared.filter(name => !isLarge(name)))(
    '%s has the names, shapes and parameters of timm’s',
    name => {
      expectStructure(name)
    }
  )

  it('knows which networks cannot be told from others by their weights', () => {
    const alike = entries.flatMap(([name, { looksLike }]) => (looksLike ? [[name, looksLike]] : []))
    for (const [name, other] of alike.filter(([name]) => !isLarge(name))) {
      expect(sortedState(findModel(name).build()), name).toEqual(sortedState(findModel(other).build()))
    }
    expect(Object.fromEntries(alike)).toEqual({
      resnetaa34d: 'resnet34d',
      resnetaa50: 'resnet50',
      resnetaa50d: 'resnet50d',
      resnetaa101d: 'resnet101d',
      resnetblur18: 'resnet18',
      resnetblur50: 'resnet50',
      resnetblur50d: 'resnet50d',
      resnetblur101d: 'resnet101d',
      seresnextaa101d_32x8d: 'seresnext101d_32x8d'
    })
  })

  it('has timm’s names of what is here by another, which are offered once', () => {
    const aliases = entries.flatMap(([name, { aliasOf }]) => (aliasOf ? [[name, aliasOf]] : []))
    expect(Object.fromEntries(aliases)).toEqual({
      seresnet50: 'se_resnet50',
      seresnet101: 'se_resnet101',
      seresnet152: 'se_resnet152'
    })
    expect(findModel('seresnet50').build).toBe(findModel('se_resnet50').build)
  })

  it.each(['resnet26t', 'seresnet18', 'ecaresnet26t'])('knows the weights of %s', name => {
    const net = findModel(name).build({ numClasses: 7 })
    for (const parameter of net.parameters()) {
      const size = parameter.shape.reduce((a, b) => a * b, 1)
      parameter.initialise(() => new Float32Array(size))
    }
    expect(modelsFitting(net.stateDict())).toEqual([name])
  })
})

describe('computes what timm computes:', () => {
  it('every golden', () => {
    expect(Object.keys(SMALL)).toEqual(Object.keys(TIMM.small))
  })

  it.each(['tiered stem', 'average basic', 'blur basic'])('%s', async name => {
    await expectTimm(name, SMALL[name](), TIMM.small[name])
  })
})

const squeezed = (channels: number): Module => new SqueezeExcitation(channels, channels / 16)

it.each(Object.keys(TIMM.tiny))('a whole network computes what timm computes: %s', async name => {
  await expectTimm(name, findModel(name).build({ numClasses: 10 }), TIMM.tiny[name])
})

describe('blockWith', () => {
  it('refuses blocks whose F it does not know, and a narrower beginning that there is none of', () => {
    const SE = blockWith(Bottleneck, { attention: squeezed })
    expect(() => blockWith(SE, {})).toThrow('blockWith: expected BasicBlock or Bottleneck')
    expect(() => blockWith(BasicBlock, { reduceFirst: 2 })).toThrow('reduceFirst: only a Bottleneck')
    expect(() => blockWith(Bottleneck, { antialias: squeezed } as object)).toThrow(
      "did you mean 'antiAlias'?"
    )
  })

  it('prints as the block that it extends', () => {
    const text = String(new ResNet(blockWith(Bottleneck, {}), [3, 4, 6, 3]))
    expect(text).toBe(String(resnet50()))
  })
})
