import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fitWeights } from '../../models/fit-weights.js'
import { MODELS } from '../../models/registry.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { ones, Tensor } from '../../tensor/tensor.js'
import { translations } from '../dialects/translate.js'
import { readWeights } from '../read-weights.js'
import { dequantized } from './quantized.js'

const FOLDER = new URL('../../../test/goldens/weights/', import.meta.url)
const numbers = JSON.parse(await readFile(new URL('quantized.json', FOLDER), 'utf8')) as {
  readonly fused: string[]
}
const state = await readWeights(new URL('quantized.pth', FOLDER))

describe('a quantized network', () => {
  it('is read as floats, its packed classifier too', () => {
    const float = ['conv1.weight', 'layer2.0.conv1.weight', 'fc.weight', 'fc.bias']
    expect(float.map(key => state.get(key)?.dtype)).toEqual(float.map(() => 'float32'))
    expect([...state.keys()].filter(key => /_packed_params|\0/.test(key))).toEqual([])
    // So few steps: a byte's.
    expect(new Set<unknown>(state.get('conv1.weight')?.data).size).toBeLessThan(257)
  })

  it('fits the network that it was made of', () => {
    const net = MODELS.cifar_resnet8.build()
    const { stateDict, note } = fitWeights(net, state)
    net.loadStateDict(stateDict)
    expect(note).toContain("took the names of torchvision's quantized networks as PyTorch's")
    expect(note).toContain('its folded normalisations are read as ones that only add a bias')
    expect(stateDict.get('bn1.bias')).toBe(state.get('conv1.bias'))
    expect(() => fitWeights(net, state, undefined, { eps: 0.1 })).toThrow('without eps: leave the option out')
  })

  it('is known before it is quantized, when it is only fused', () => {
    const shapes = [...state].filter(([key]) => !/scale|zero_point|^quant/.test(key))
    const fused = new Map(
      numbers.fused.map(key => {
        const [, held] =
          shapes.find(
            ([own]) => own === key.replace('.0.weight', '.weight').replace('.0.bias', '.bias') || own === key
          ) ?? []
        return [key, held ?? new Tensor(new Float32Array(1), [1], 'float32')]
      })
    )
    const [found] = translations(fused)
    expect([found.dialect.name, found.head]).toEqual(['torchvision-quantized', 'fc'])
    MODELS.cifar_resnet8.build().loadStateDict(found.stateDict)
  })
})

describe('in quantization-aware training', () => {
  /** What torch's observers and fake quantization keep of a module. */
  const observers = (name: string): string[] =>
    [
      'eps',
      'min_val',
      'max_val',
      'histogram',
      'scale',
      'zero_point',
      'fake_quant_enabled',
      'observer_enabled'
    ]
      .map(key => `activation_post_process.${key}`)
      .concat('weight_fake_quant.scale', 'weight_fake_quant.activation_post_process.min_val')
      .map(key => `${name}.${key}`)
  const observed = (state: StateDict): StateDict => {
    const kept = ['conv1', 'layer1.0.conv2', 'layer2.0.downsample.0', 'layer1.0.add_relu', 'fc', 'quant']
    return new Map([...state, ...kept.flatMap(observers).map(key => [key, ones([1])] as const)])
  }
  const own = MODELS.resnet18.build({ numClasses: 3 }).stateDict()

  it.each(['', 'module.'])('a network fits, behind %j', prefix => {
    const named = observed(
      new Map(
        Array.from(own, ([key, each]) => [
          key.replace(/bn(\d)/, 'conv$1.bn').replace('downsample.1', 'downsample.0.bn'),
          each
        ])
      )
    )
    const [found] = translations(new Map(Array.from(named, ([key, each]) => [prefix + key, each])))
    expect(found.dialect.name).toBe('torchvision-qat')
    expect(found.stateDict).toEqual(own)
  })

  it('leaves out what observes a network that is not yet quantized', () => {
    const fused = new Map([
      ['layer1.0.conv1.0.weight', ones([1])],
      ['layer1.0.conv1.0.bias', ones([1])]
    ])
    const [plain] = translations(fused)
    expect(translations(observed(fused))[0].stateDict).toEqual(plain.stateDict)
  })
})

describe('dequantized', () => {
  const bytes = new Tensor(new Int8Array([-128, 0, 127, 5]), [2, 2], 'int8')

  it('takes the steps of each channel', () => {
    const steps = { scales: [0.5, 2], zeroPoints: [0, 3] }
    expect([...dequantized('w', bytes, { ...steps, axis: 0 }).data]).toEqual([-64, 0, 248, 4])
    expect([...dequantized('w', bytes, { ...steps, axis: 1 }).data]).toEqual([-64, -6, 63.5, 4])
  })

  it('says when there are not as many as channels', () => {
    const steps = { scales: [1, 2, 3], zeroPoints: [0, 0, 0], axis: 1 }
    expect(() => dequantized('w', bytes, steps)).toThrow('"w" is quantized with 3 scales for 2 channels')
    expect(() => dequantized('w', bytes, { ...steps, axis: -1 })).toThrow('3 scales for -1 channels')
  })
})
