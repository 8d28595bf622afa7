import { describe, expect, it } from 'vitest'
import { didYouMean, nearestNames } from './nearest-names.js'
import { orList } from './words.js'

const LAYERS = ['conv1', 'bn1', 'relu', 'maxpool', 'layer1', 'layer2', 'layer3', 'layer4', 'avgpool', 'fc']
const BLOCK = ['conv1', 'bn1', 'conv2', 'bn2'].map(name => `layer1.0.${name}`)
const PATHS = [...LAYERS, 'layer1.0', 'layer1.1', ...BLOCK, 'layer1.1.conv1', 'layer10']
const MODELS = ['resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnext50_32x4d', 'vgg16', 'vgg16_bn']

describe('nearestNames', () => {
  it.each([
    // Another number: the nearest number first, however many digits it has.
    ['layer5', LAYERS, ['layer4', 'layer3', 'layer2']],
    ['layer1.0.conv9', PATHS, ['layer1.0.conv2', 'layer1.0.conv1', 'layer1.1.conv1']],
    ['resnet19', MODELS, ['resnet18', 'resnet34', 'resnet50']],
    // Almost the same spelling.
    ['layr1', LAYERS, ['layer1', 'layer2', 'layer3']],
    ['maxpol', LAYERS, ['maxpool']],
    ['ReLu', LAYERS, ['relu']],
    ['VGG-16-bn', MODELS, ['vgg16_bn']],
    // Abbreviations.
    ['resnet5', MODELS, ['resnet50', 'resnet18', 'resnet34']],
    ['resnext50', MODELS, ['resnext50_32x4d', 'resnet50']],
    // A superfluous or a missing prefix.
    ['module.fc', LAYERS, ['fc']],
    ['bn2', PATHS, ['layer1.0.bn2', 'bn1']],
    // No similar name.
    ['attention', LAYERS, []],
    ['x', LAYERS, []],
    ['layer5', [], []]
  ])('%s', (wrong, names, expected) => {
    expect(nearestNames(wrong, names)).toEqual(expected)
  })

  it('removes duplicates', () => {
    expect(nearestNames('layer2', ['layer1', 'layer1'])).toEqual(['layer1'])
  })
})

describe('didYouMean', () => {
  it('appends a question, or nothing if no name is similar', () => {
    expect(didYouMean('layer5', LAYERS)).toBe('; did you mean layer4, layer3 or layer2?')
    expect(didYouMean('maxpol', LAYERS)).toBe('; did you mean maxpool?')
    expect(didYouMean('attention', LAYERS)).toBe('')
    expect(orList(['a', 'b'])).toBe('a or b')
  })
})

describe('what is no name', () => {
  it.each([
    [undefined, ['a']],
    [Symbol('a'), ['a']],
    ['a', 3],
    ['a', undefined],
    ['a', ['b', Symbol('c')]]
  ])('is refused: %#', (wrong, names) => {
    expect(() => nearestNames(wrong as string, names as string[])).toThrow(
      /^nearestNames: expected a name and a list of names, got /
    )
  })

  it('is looked for in a list that can be read once', () => {
    expect(nearestNames('layr1', LAYERS.values())).toEqual(['layer1', 'layer2', 'layer3'])
  })
})
