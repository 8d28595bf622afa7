// timm's Res2Net and ResNeSt against timm (tools/timm_kin_goldens.py). Whole networks are compared in slow/timm.test.ts.
import { describe, expect, it } from 'vitest'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import {
  compile,
  createFeatureExtractor,
  createTrainer,
  exportOnnx,
  gradCam,
  manualSeed,
  rand,
  sgd,
  type Module
} from 'resnet-ts'
import { countLayers, diagramHtml } from 'resnet-ts/inspect'
import {
  Bottle2neck,
  deepStem,
  findModel,
  MODELS,
  modelsFitting,
  plainTwin,
  ResNestBottleneck,
  ResNet,
  type BlockOptions,
  type ResNetOptions
} from 'resnet-ts/models'
import { expectClose } from './support/closeness.js'
import { expectStructure, expectTimm, giveValues, isLarge, KIN } from './support/timm-goldens.js'

const scaled = (scale: number) =>
  class extends Bottle2neck {
    constructor(inPlanes: number, planes: number, options?: BlockOptions) {
      super(inPlanes, planes, options, scale)
    }
  }
const split = (radix: number, poolsFirst: boolean) =>
  class extends ResNestBottleneck {
    constructor(inPlanes: number, planes: number, options?: BlockOptions) {
      super(inPlanes, planes, options, radix, poolsFirst)
    }
  }
const D = { stem: deepStem, avgDown: true }
const res2net = (scale: number, options: ResNetOptions): Module =>
  new ResNet(scaled(scale), [2, 1, 1, 1], { numClasses: 10, ...options })
const resnest = (radix: number, poolsFirst: boolean, options: ResNetOptions = {}): Module =>
  new ResNet(split(radix, poolsFirst), [1, 1, 1, 1], { numClasses: 10, ...D, ...options })

const SMALL: Readonly<Record<string, (residual?: boolean) => Module>> = {
  res2net: residual => res2net(4, { widthPerGroup: 26, residual }),
  'res2net, two groups': () => res2net(2, { widthPerGroup: 48, ...D }),
  res2next: () => res2net(4, { groups: 8, widthPerGroup: 4 }),
  resnest: () => resnest(2, false),
  'resnest, groups': residual => resnest(4, true, { groups: 2, widthPerGroup: 40, residual }),
  'resnest, one split': () => resnest(1, true, { groups: 4, widthPerGroup: 24 })
}
const names = Object.keys(KIN.structure)

it('are all in the registry, under timm’s names', () => {
  expect(names.filter(name => !(name in MODELS))).toEqual([])
  expect(Object.keys(SMALL)).toEqual(Object.keys(KIN.small))
})

it.each(names.filter(name => !isLarge(name)))('%s has the names, shapes and parameters of timm’s', name => {
  expectStructure(name)
})

it.each(Object.keys(SMALL))('computes what timm computes: %s', async name => {
  await expectTimm(name, SMALL[name](), KIN.small[name])
})

describe.each(['res2net', 'resnest, groups'])('%s', name => {
  it('learns', async () => {
    manualSeed(0)
    const net = SMALL[name]()
    await using trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.01 }) })
    const batch = { images: rand([2, 3, 64, 64]), labels: [3, 7] }
    const { loss: first } = await trainer.step(batch)
    let last = first
    for (let step = 0; step < 4; step++) last = (await trainer.step(batch)).loss
    expect(last).toBeLessThan(first / 2)
  })

  it('has a plain twin, which leaves out none of its own sums', async () => {
    const net = SMALL[name]()
    const [twin, plain] = [plainTwin(net, { input: [1, 3, 64, 64] }), SMALL[name](false)]
    expect(String(twin)).toBe(String(plain))
    plain.loadStateDict(twin.stateDict())
    const x = rand([1, 3, 64, 64])
    const outputs = await Promise.all(
      [twin, plain].map(async each => {
        await using run = await compile(each, { input: ['N', 3, 64, 64] })
        return (await run(x)).data
      })
    )
    expect(outputs[0]).toEqual(outputs[1])
  })

  it('is exported, with its stages as outputs if asked for', async () => {
    const net = giveValues(SMALL[name]())
    const input = ['N', 3, 64, 64] as const
    const x = rand([2, 3, 64, 64])
    const extract = createFeatureExtractor(net, { layer2: 'half', fc: 'logits' })
    await using run = await compile(extract, { input })
    const { half, logits } = await run(x)
    expect(half.shape).toEqual([2, 512, 8, 8])
    for (const each of [net, extract]) {
      const session = await InferenceSession.create(exportOnnx(each, { input }))
      const found = await session.run({ x: new OrtTensor('float32', x.data, x.shape) })
      expectClose('logits', found.logits.data as Float32Array, logits.data)
    }
  })

  it('is explained, drawn and counted', async () => {
    const net = SMALL[name]()
    await using explain = await gradCam(net, { input: ['N', 3, 64, 64] })
    const { map } = await explain(rand([2, 3, 64, 64]))
    expect([explain.layer, map.shape]).toEqual(['layer4', [2, 2, 2]])
    const block = name === 'res2net' ? 'Bottle2neck' : 'ResNestBottleneck'
    expect(diagramHtml(net, { input: [1, 3, 64, 64] })).toContain(block)
    expect(countLayers(net).total).toBe(name === 'res2net' ? 17 : 14)
  })
})

it('are known by their weights', () => {
  for (const name of ['res2next50', 'resnest14d']) {
    expect(modelsFitting(findModel(name).build({ numClasses: 7 }).stateDict())).toEqual([name])
  }
})
