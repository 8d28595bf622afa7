// Ours against torchvision's: what models print, hold and compute. The largest ones are in slow/models.test.ts.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findModel, init, manualSeed, MODELS, resnet18, resnet50, type Module } from 'resnet-ts'
import {
  expectGolden,
  networkGoldens,
  readGoldens,
  setStatistics,
  type Golden
} from './support/model-goldens.js'

interface Structure {
  readonly text: string | null
  readonly text_sha256: string
  readonly parameters: number
  readonly parameters_10: number
  readonly state: readonly (readonly [string, readonly number[], string])[] | null
  readonly state_sha256: string
}

const structures = (readGoldens('structure.json') as { models: Record<string, Structure> }).models
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const countParameters = (net: Module): number =>
  [...net.parameters()].reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0)

describe.each(Object.keys(MODELS))('%s', name => {
  const golden = structures[name]
  const net = findModel(name).build()
  // Only names and shapes matter here; zeros are quicker to make than random numbers.
  for (const parameter of net.parameters()) init.zeros(parameter)

  it('prints what torch prints', () => {
    if (golden.text !== null) expect(String(net)).toBe(golden.text)
    expect(sha256(String(net))).toBe(golden.text_sha256)
  })

  it('has the keys, shapes and types of the state dict, in order', () => {
    const state = [...net.stateDict()].map(([key, { shape, dtype }]) => [key, [...shape], dtype] as const)
    if (golden.state !== null) expect(state).toEqual(golden.state)
    const listed = state.map(([key, shape, dtype]) => `${key} [${shape.join(', ')}] ${dtype}`).join('\n')
    expect(sha256(listed)).toBe(golden.state_sha256)
  })

  it('has as many parameters, also for ten classes', () => {
    expect(countParameters(net)).toBe(golden.parameters)
    expect(countParameters(findModel(name).build({ numClasses: 10 }))).toBe(golden.parameters_10)
  })
})

const build = (name: string): Module => {
  manualSeed(0)
  return findModel(name).build({ numClasses: 50 })
}

describe('numbers', () => {
  it.each(['resnet18', 'resnet34', 'resnet50', 'resnext50_32x4d'])(
    '%s computes what torch computes',
    async name => {
      const net = build(name)
      const { seeded, normalised } = networkGoldens()[name]
      await expectGolden(`${name} seeded`, net, seeded)
      setStatistics(net)
      await expectGolden(`${name} normalised`, net, normalised)
    }
  )

  const { combinations } = readGoldens('dilated.json') as { combinations: Record<string, Golden> }
  const trained = build('resnet50')
  setStatistics(trained)

  it.each(Object.entries(combinations))('resnet50 dilated %s', async (choice, golden) => {
    const [first, second, third] = Array.from(choice, digit => digit === '1')
    const net = resnet50({ numClasses: 50, replaceStrideWithDilation: [first, second, third] })
    net.loadStateDict(trained.stateDict())
    await expectGolden(`dilated ${choice}`, net, golden)
  })
})

describe('options', () => {
  it("zeroes every block's last normalisation", () => {
    for (const [net, last] of [
      [resnet18({ zeroInitResidual: true }), /layer\d\.\d+\.bn2\.weight$/],
      [resnet50({ zeroInitResidual: true }), /layer\d\.\d+\.bn3\.weight$/]
    ] as const) {
      for (const [key, { data }] of net.stateDict()) {
        if (/bn\d\.weight|downsample\.1\.weight/.test(key))
          expect([key, data[0]]).toEqual([key, last.test(key) ? 0 : 1])
      }
    }
  })

  it('refuses what a BasicBlock cannot do', () => {
    expect(() => resnet18({ groups: 2 })).toThrow('BasicBlock: only groups = 1')
    expect(() => resnet18({ widthPerGroup: 32 })).toThrow('BasicBlock: only groups = 1')
    expect(() => resnet18({ replaceStrideWithDilation: [false, false, true] })).toThrow(
      'BasicBlock: dilation'
    )
  })

  it('prints the older form that study notes show', () => {
    const lines = resnet18().toString({ style: 'torch-1.0' }).split('\n')
    expect(lines.slice(0, 8)).toEqual([
      'ResNet(',
      '  (conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)',
      '  (bn1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
      '  (relu): ReLU(inplace)',
      '  (maxpool): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)',
      '  (layer1): Sequential(',
      '    (0): BasicBlock(',
      '      (conv1): Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)'
    ])
  })
})
