// timm's ResNet-v2 and Big Transfer against timm (tools/resnetv2_goldens.py). Whole networks are compared in slow/timm.test.ts.
import { describe, expect, it } from 'vitest'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import {
  compile,
  createTrainer,
  exportOnnx,
  manualSeed,
  openNetwork,
  Parameter,
  rand,
  sgd,
  type Module
} from 'resnet-ts'
import { findModel, MODELS, modelsFitting, plainTwin, ResNetV2 } from 'resnet-ts/models'
import { describeWeights, encodeWeights, type StateDict } from 'resnet-ts/weights'
import { expectClose } from './support/closeness.js'
import { expectStructure, expectTimm, isLarge, RESNET_V2 } from './support/timm-goldens.js'

const ONCE = [1, 1, 1, 1] as const
const TEN = { numClasses: 10 }
const D = { stem: 'deep', avgDown: true } as const
const SMALL: Readonly<Record<string, () => Module>> = {
  basic: () => new ResNetV2(ONCE, { basic: true }, TEN),
  'basic deep': () => new ResNetV2(ONCE, { basic: true, ...D }, TEN),
  tiered: () => new ResNetV2(ONCE, { stem: 'tiered', avgDown: true }, TEN),
  bit: () => new ResNetV2(ONCE, { bit: 1 }, TEN),
  evo: () => new ResNetV2(ONCE, { ...D, normAct: 'evo' }, TEN),
  response: () => new ResNetV2(ONCE, { ...D, normAct: 'response' }, TEN)
}
const names = Object.keys(RESNET_V2.structure)

it('are all in the registry, under timm’s names', () => {
  expect(names.filter(name => !(name in MODELS))).toEqual([])
  expect(Object.keys(SMALL)).toEqual(Object.keys(RESNET_V2.small))
})

it.each(names.filter(name => !isLarge(name)))('%s has the names, shapes and parameters of timm’s', name => {
  expectStructure(name)
})

it.each(Object.keys(SMALL))('computes what timm computes: %s', async name => {
  await expectTimm(name, SMALL[name](), RESNET_V2.small[name])
})

/** Weights without drawing them. */
function zeroed(net: Module): StateDict {
  for (const parameter of net.parameters()) parameter.data = new Parameter(parameter.shape).data
  return net.stateDict()
}

describe('weights', () => {
  const state = zeroed(findModel('resnetv2_18').build({ numClasses: 7 }))

  it('are known by their names, and load where they fit', async () => {
    expect(modelsFitting(state)).toContain('resnetv2_18')
    const { models, numClasses } = await describeWeights(encodeWeights(state))
    expect([models.includes('resnetv2_18'), numClasses]).toEqual([true, 7])
    const behind = new Map([...state].map(([key, each]) => [`module.${key}`, each]))
    const { net } = await openNetwork('resnetv2_18', { weights: behind })
    expect(net.stateDict().get('head.fc.weight')?.shape).toEqual([7, 512, 1, 1])
  })

  it('without a classifier leave the network’s untrained, and another number of classes replaces it', async () => {
    const trunk = new Map([...state].filter(([key]) => !key.startsWith('head.')))
    const opened = await openNetwork('resnetv2_18', { weights: trunk, numClasses: 3 })
    expect([opened.isHeadless, opened.net.stateDict().get('head.fc.bias')?.shape]).toEqual([true, [3]])
    const tuned = await openNetwork('resnetv2_18', { weights: state, newHead: true, numClasses: 4 })
    expect(tuned.net.stateDict().get('head.fc.bias')?.shape).toEqual([4])
  })
})

describe.each(['evo', 'response'] as const)('with normalisations that activate, %s,', normAct => {
  const input = ['N', 3, 64, 64] as const
  const make = (residual?: boolean): Module =>
    new ResNetV2(ONCE, { ...D, normAct }, { numClasses: 10, residual })

  it('learns, and is exported', async () => {
    manualSeed(0)
    const net = make()
    await using trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.01 }) })
    const batch = { images: rand([2, 3, 64, 64]), labels: [3, 7] }
    const { loss: first } = await trainer.step(batch)
    for (let step = 0; step < 3; step++) await trainer.step(batch)
    expect((await trainer.step(batch)).loss).toBeLessThan(first / 2)
    const session = await InferenceSession.create(exportOnnx(net, { input }))
    const x = rand([2, 3, 64, 64])
    const { logits } = await session.run({ x: new OrtTensor('float32', x.data, x.shape) })
    await using run = await compile(net, { input })
    expectClose('exported', logits.data as Float32Array, (await run(x)).data)
  })

  it('has a plain twin, which activates as well', () => {
    expect(String(plainTwin(make(), { input: [1, 3, 64, 64] }))).toBe(String(make(false)))
  })
})

it('has a plain twin, and gives features and logits apart', () => {
  const net = new ResNetV2(ONCE, { basic: true }, TEN)
  const twin = plainTwin(net, { input: [1, 3, 64, 64] })
  expect([...twin.parameters()].length).toBeLessThan([...net.parameters()].length)
  expect(() => net.resetClassifier(0)).toThrow('expected a whole number of classes above 0')
  expect(() => new ResNetV2(ONCE, {}, { classes: 3 } as object)).toThrow("ResNetV2: unknown option 'classes'")
})
