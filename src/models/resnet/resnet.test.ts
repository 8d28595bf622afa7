import { describe, expect, it } from 'vitest'
import { OptionError } from '../../base/errors.js'
import { graphInput } from '../../ir/operand.js'
import { BatchNorm2d } from '../../nn/layers/normalisation.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { PreActBasicBlock } from '../preact/preact-blocks.js'
import { preact_resnet18, PreActResNet } from '../preact/preact-resnet.js'
import { resnet50d } from './relatives.js'
import { BasicBlock, ResNet, resnet18, resnet50, resnext50_32x4d, wide_resnet50_2 } from './resnet.js'

describe('ResNet', () => {
  it('refuses options that its methods do not know', () => {
    const net = resnet18()
    const x = graphInput('x', [1, 512, 7, 7])
    expect(() => net.forwardHead(x, { pre_logits: true } as object)).toThrow(
      "forwardHead: unknown option 'pre_logits'; did you mean 'preLogits'?"
    )
    expect(() => net.toString({ stile: 'torch' } as object)).toThrow("toString: unknown option 'stile'")
  })

  it('doubles the dilation in place of the stride, for the blocks that follow', () => {
    const { layer1, layer2, layer3, layer4 } = resnet50({ replaceStrideWithDilation: [false, true, true] })
    const middle = [layer1, layer2, layer3, layer4].map(layer =>
      Array.from(layer.modules())
        .filter(module => module instanceof Conv2d)
        .filter(({ kernelSize }) => kernelSize[0] === 3)
        .slice(0, 2)
        .map(({ stride, dilation }) => [stride[0], dilation[0]])
    )
    expect(middle).toEqual([
      [
        [1, 1],
        [1, 1]
      ],
      [
        [2, 1],
        [1, 1]
      ],
      [
        [1, 1],
        [1, 2]
      ],
      [
        [1, 2],
        [1, 4]
      ]
    ])
  })

  it.each<[unknown[], string]>([
    [
      [BasicBlock, [2, 2, 2]],
      'layers: expected an array of 4, each a whole number of at least 1, got [2, 2, 2]'
    ],
    [
      [BasicBlock, [2, 2, 0, 2]],
      'layers: expected an array of 4, each a whole number of at least 1, got [2, 2, 0, 2]'
    ],
    [[BasicBlock, '2222'], "layers: expected an array of 4, each a whole number of at least 1, got '2222'"],
    [['BasicBlock', [2, 2, 2, 2]], "block: expected a function, got 'BasicBlock'"]
  ])('refuses %o', (given, fault) => {
    expect(() => Reflect.construct(ResNet, given) as unknown).toThrow(`ResNet: ${fault}`)
    expect(() => Reflect.construct(PreActResNet, given) as unknown).toThrow(`PreActResNet: ${fault}`)
  })

  it('says how a normalisation is chosen where its class is given, and a stem', () => {
    const example =
      'expected a function, such as channels => new BatchNorm2d(channels), got the function BatchNorm2d'
    const normLayer = BatchNorm2d as never
    for (const build of [resnet18, preact_resnet18]) {
      expect(() => build({ normLayer })).toThrow(new OptionError(build.name, `normLayer: ${example}`))
    }
    for (const Block of [BasicBlock, PreActBasicBlock]) {
      expect(() => new Block(4, 4, { normLayer })).toThrow(`${Block.name}: normLayer: ${example}`)
    }
    expect(() => resnet18({ stem: Conv2d as never })).toThrow(
      'resnet18: stem: expected a function, such as deepStem'
    )
  })
})

describe('a model by its name', () => {
  it('is called as it is exported', () => {
    expect([resnet18.name, wide_resnet50_2.name]).toEqual(['resnet18', 'wide_resnet50_2'])
  })

  it('refuses null for options', () => {
    expect(() => resnet18(null as never)).toThrow('resnet18: expected an object of options, got null')
  })

  it('refuses what would make it another, as torchvision does', () => {
    expect(() => wide_resnet50_2({ widthPerGroup: 64 })).toThrow(
      'wide_resnet50_2: widthPerGroup: expected 128, which makes the network wide_resnet50_2, got 64'
    )
    expect(() => resnext50_32x4d({ groups: 1 })).toThrow('resnext50_32x4d: groups: expected 32')
    expect(() => resnet50d({ avgDown: false })).toThrow('resnet50d: avgDown: expected true')
    expect(() => wide_resnet50_2({ widthPerGroup: 128, groups: undefined })).not.toThrow()
  })
})
