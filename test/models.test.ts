// Models against torchvision: text, state dicts and outputs. The largest are in slow/models.test.ts.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  cifar_resnet20,
  cifar_resnet8,
  compile,
  Linear,
  manualSeed,
  rand,
  ReLU,
  ResNet,
  resnet18,
  resnet34,
  resnet50,
  resnext50_32x4d,
  Sequential,
  type Module,
  type Parameter
} from 'resnet-ts'
import {
  cifar_resnet110,
  cifar_resnet14,
  cifar_resnet32,
  cifar_resnet44,
  cifar_resnet56,
  CifarResNet,
  findModel,
  MODELS,
  VGG,
  vgg11
} from 'resnet-ts/models'
import {
  decode,
  expectGolden,
  listState,
  networkGoldens,
  readGoldens,
  setStatistics,
  sha256,
  variantGoldens
} from './support/model-goldens.js'
import { isLarge, TIMM } from './support/timm-goldens.js'

interface Structure {
  readonly text?: string | null
  readonly text_sha256: string
  readonly parameters: number
  readonly parameters_10: number
  readonly state?: readonly (readonly [string, readonly number[], string])[] | null
  readonly state_sha256: string
}

const structures = Object.assign(
  {},
  ...['structure.json', 'relatives.json'].map(
    name => (readGoldens(name) as { models: Record<string, Structure> }).models
  )
) as Readonly<Record<string, Structure>>
const sizeOf = ({ shape }: Parameter): number => shape.reduce((a, b) => a * b, 1)
const countParameters = (net: Module): number =>
  [...net.parameters()].reduce((total, parameter) => total + sizeOf(parameter), 0)
/** As many zeros as the largest parameter has elements: VGG's first linear layer. */
const blank = new Float32Array(25_088 * 4096)

/** Those of torchvision and of papers. */
const NAMES = Object.keys(MODELS).filter(name => findModel(name).group !== 'timm')

describe.each(NAMES)('%s', name => {
  const golden = structures[name]
  const net = findModel(name).build()
  // Only names and shapes matter here, so all share the same values.
  for (const parameter of net.parameters()) parameter.initialise(() => blank.subarray(0, sizeOf(parameter)))

  it('prints what torch prints', () => {
    const text = net.toString({ style: 'torch-1.13' })
    if (golden.text) expect(text).toBe(golden.text)
    expect(sha256(text)).toBe(golden.text_sha256)
  })

  it('has the keys, shapes and types of the state dict, in order', () => {
    const state = [...net.stateDict()].map(([key, { shape, dtype }]) => [key, [...shape], dtype] as const)
    if (golden.state) expect(state).toEqual(golden.state)
    expect(sha256(listState(net))).toBe(golden.state_sha256)
  })

  it('has as many parameters, also for ten classes', () => {
    expect(countParameters(net)).toBe(golden.parameters)
    expect(countParameters(findModel(name).build({ numClasses: 10 }))).toBe(golden.parameters_10)
  })
})

/** timm prints its layers otherwise, and test/timm.test.ts compares their keys. */
const OF_TIMM = Object.keys(MODELS).filter(name => name in TIMM.structure && !isLarge(name))

describe.each(OF_TIMM)('%s of timm', name => {
  const { parameters } = TIMM.structure[name]
  const net = findModel(name).build()
  for (const parameter of net.parameters()) parameter.initialise(() => blank.subarray(0, sizeOf(parameter)))

  it('has as many parameters, also for ten classes', () => {
    expect(countParameters(net)).toBe(parameters)
    const [, features] = net.stateDict().get('fc.weight')?.shape ?? []
    const ten = parameters - 990 * (features + 1)
    expect(countParameters(findModel(name).build({ numClasses: 10 }))).toBe(ten)
  })

  it('has the types of torch', () => {
    const types = [...net.stateDict()].map(([key, { dtype }]) =>
      [key.endsWith('num_batches_tracked'), dtype].join(' ')
    )
    expect([...new Set(types)].filter(type => !['true int64', 'false float32'].includes(type))).toEqual([])
  })
})

const build = (name: string): Module => {
  manualSeed(0)
  return findModel(name).build({ numClasses: 50 })
}

describe('numbers', () => {
  it.each(['resnet18', 'resnet50'])('%s computes what torch computes', async name => {
    const net = build(name)
    const { seeded, normalised } = networkGoldens()[name]
    await expectGolden(`${name} seeded`, net, seeded)
    setStatistics(net)
    await expectGolden(`${name} normalised`, net, normalised)
  })
})

const { variants, resets } = variantGoldens()

/** Networks that torchvision does not have; the goldens' script defines them in torch. */
const VARIANTS: Readonly<Record<string, () => Module>> = {
  cifar_resnet8: () => cifar_resnet8(),
  cifar_resnet14: () => cifar_resnet14(),
  cifar_resnet20: () => cifar_resnet20(),
  cifar_resnet32: () => cifar_resnet32(),
  cifar_resnet44: () => cifar_resnet44(),
  cifar_resnet56: () => cifar_resnet56(),
  cifar_resnet110: () => cifar_resnet110(),
  'cifar_resnet20 B': () => cifar_resnet20({ shortcut: 'B' }),
  'cifar_resnet32 B': () => cifar_resnet32({ shortcut: 'B' }),
  'cifar_resnet44 B': () => cifar_resnet44({ shortcut: 'B' }),
  'cifar_resnet56 B': () => cifar_resnet56({ shortcut: 'B' }),
  'cifar_resnet110 B': () => cifar_resnet110({ shortcut: 'B' }),
  'cifar_resnet20 plain': () => cifar_resnet20({ residual: false }),
  'cifar_resnet56 plain': () => cifar_resnet56({ residual: false }),
  'cifar_resnet8 digits': () => cifar_resnet8({ inChannels: 1 }),
  'cifar_resnet14 odd': () => new CifarResNet(14, { inChannels: 1, numClasses: 26 }),
  'resnet18 plain': () => resnet18({ residual: false, numClasses: 50 }),
  'resnet34 plain': () => resnet34({ residual: false, numClasses: 50 }),
  'resnet50 plain': () => resnet50({ residual: false, numClasses: 50 }),
  'resnext50_32x4d plain': () => resnext50_32x4d({ residual: false, numClasses: 50 })
}

describe.each(Object.entries(VARIANTS))('%s', (name, make) => {
  const golden = variants[name]
  manualSeed(0)
  const net = make()

  it('has the text, state dict and initial weights of torch', () => {
    expect(sha256(net.toString({ style: 'torch-1.13' }))).toBe(golden.text_sha256)
    expect(sha256(listState(net))).toBe(golden.state_sha256)
    expect(countParameters(net)).toBe(golden.parameters)
    expect(sha256(...Array.from(net.parameters(), ({ data }) => data.data))).toBe(golden.weights_sha256)
  })

  it('computes what torch computes', async () => {
    setStatistics(net)
    await expectGolden(name, net, golden.normalised)
  })
})

describe('the CIFAR networks', () => {
  it.each([
    [20, 269_722, 272_474],
    [32, 464_154, 466_906],
    [44, 658_586, 661_338],
    [56, 853_018, 855_770],
    [110, 1_727_962, 1_730_714]
  ])('of depth %i have the published number of parameters', (depth, a, b) => {
    expect(countParameters(new CifarResNet(depth))).toBe(a)
    expect(countParameters(new CifarResNet(depth, { shortcut: 'B' }))).toBe(b)
    // "Exactly the same depth, width, and number of parameters as the plain counterparts" (section 4.2).
    expect(countParameters(new CifarResNet(depth, { residual: false }))).toBe(a)
  })

  it.each([9, 2, -4, 20.5, NaN, Infinity])('refuse a depth of %d', depth => {
    expect(() => new CifarResNet(depth)).toThrow(`expected a depth of 6n + 2 (8, 14, 20, …), got ${depth}`)
  })
})

describe('a plain twin', () => {
  it.each(NAMES.filter(name => !name.startsWith('vgg')))(
    'of %s is the same network without shortcuts',
    name => {
      const net = findModel(name).build()
      const twin = findModel(name).build({ residual: false })
      expect(String(twin)).not.toContain('downsample')
      const shapes = ([key, { shape }]: readonly [string, { readonly shape: readonly number[] }]): string =>
        `${key} ${shape.join()}`
      const expected = [...net.namedParameters()].filter(([key]) => !key.includes('downsample'))
      expect([...twin.namedParameters()].map(shapes)).toEqual(expected.map(shapes))
    }
  )

  it('of a VGG is the VGG itself', () => {
    expect(String(findModel('vgg11').build({ residual: false }))).toBe(String(vgg11()))
  })

  it('cannot start as the identity', () => {
    for (const make of [resnet18, resnet50, cifar_resnet8])
      expect(() => make({ residual: false, zeroInitResidual: true })).toThrow(
        'zeroInitResidual: a block without its shortcut (residual: false) would start as zero'
      )
  })
})

describe('resetClassifier', () => {
  it.each(Object.keys(resets))('of %s equals replacing the layer in torch', name => {
    manualSeed(0)
    const net = findModel(name).build()
    if (!(net instanceof ResNet || net instanceof CifarResNet || net instanceof VGG)) throw new Error(name)
    const names = (): string[] => Array.from(net.namedParameters(), ([key]) => key)
    const before = names()
    expect(net.resetClassifier(7)).toBe(net)
    expect(names()).toEqual(before)
    const golden = resets[name]
    expect(sha256(net.toString({ style: 'torch-1.13' }))).toBe(golden.text_sha256)
    const [weight, bias] = [...net.parameters()].slice(-2)
    const begin = decode(golden.weight)
    expect(weight.data.data.subarray(0, begin.length)).toEqual(begin)
    expect(bias.data.data).toEqual(decode(golden.bias))
  })

  it('keeps the other layers and the mode', () => {
    const net = resnet18().eval().requiresGrad(false)
    const before = [...net.parameters()].slice(0, -2)
    net.resetClassifier(3)
    expect([...net.parameters()].slice(0, -2)).toEqual(before)
    expect(net.fc.training).toBe(false)
    expect([...net.parameters()].filter(({ requiresGrad }) => requiresGrad)).toHaveLength(2)
    const vgg = vgg11().eval().resetClassifier(3)
    expect([...vgg.modules()].filter(({ training }) => training)).toEqual([])
  })

  it('changes what the network computes', async () => {
    const net = cifar_resnet8().resetClassifier(3)
    await using run = await compile(net, { input: ['N', 3, 32, 32] })
    expect((await run(rand([2, 3, 32, 32]))).shape).toEqual([2, 3])
  })

  it.each([0, -1, 2.5, NaN])('refuses %d classes', numClasses => {
    for (const net of [resnet18(), cifar_resnet8(), vgg11()])
      expect(() => net.resetClassifier(numClasses)).toThrow(
        `resetClassifier: expected a whole number of classes above 0, got ${numClasses}`
      )
    expect(() => cifar_resnet8().resetClassifier('4' as never)).toThrow("above 0, got '4'")
  })

  it('requires a linear last layer', () => {
    const net = vgg11()
    net.classifier = new Sequential(new Linear(25088, 10), new ReLU())
    expect(() => net.resetClassifier(5)).toThrow('resetClassifier: the last layer is ReLU, expected Linear')
  })
})

describe('options', () => {
  it('build for other numbers of input channels', () => {
    for (const name of ['resnet18', 'vgg11', 'cifar_resnet8']) {
      const [[, first]] = findModel(name).build({ inChannels: 4 }).namedParameters()
      const [[, usual]] = findModel(name).build().namedParameters()
      expect(first.shape).toEqual([usual.shape[0], 4, ...usual.shape.slice(2)])
    }
  })

  it("zero-initialise every block's last normalisation", () => {
    for (const [net, last] of [
      [resnet18({ zeroInitResidual: true }), /layer\d\.\d+\.bn2\.weight$/],
      [resnet50({ zeroInitResidual: true }), /layer\d\.\d+\.bn3\.weight$/],
      [cifar_resnet14({ zeroInitResidual: true, shortcut: 'B' }), /layer\d\.\d+\.bn2\.weight$/]
    ] as const) {
      for (const [key, parameter] of net.namedParameters()) {
        // Other values are drawn at their first access.
        if (!/bn\d\.weight|downsample\.1\.weight/.test(key)) continue
        expect([key, parameter.data.data[0]]).toEqual([key, last.test(key) ? 0 : 1])
      }
    }
  })

  it('refuse what a BasicBlock does not support', () => {
    expect(() => resnet18({ groups: 2 })).toThrow('BasicBlock: only groups = 1')
    expect(() => resnet18({ widthPerGroup: 32 })).toThrow('BasicBlock: only groups = 1')
    expect(() => resnet18({ replaceStrideWithDilation: [false, false, true] })).toThrow(
      'BasicBlock: dilation'
    )
  })

  it("print what today's torch prints", () => {
    const today = readFileSync(new URL('goldens/layers-today.json', import.meta.url), 'utf8')
    expect(String(resnet18())).toBe((JSON.parse(today) as { resnet18: string }).resnet18)
  })

  it('print the format of older torch versions', () => {
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
