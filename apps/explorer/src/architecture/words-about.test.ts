import { countLayers, outlineNetwork } from 'resnet-ts/inspect'
import { cifar_resnet20, MODELS, plainTwin, resnet18, resnet50, se_resnet18, vgg16 } from 'resnet-ts/models'
import { Conv2d, ReLU, Residual, Sequential } from 'resnet-ts/nn'
import { describe, expect, it } from 'vitest'
import { architecture } from '../lab/architecture.js'
import { en } from '../words/en.js'
import { treeOf } from './drawing/tree.js'
import { compact, formatShape, grouped, percent } from './format.js'
import { layersOf, shortSum } from './layer-count.js'
import { sentencesAbout } from './words-about.js'

const said = (net: Parameters<typeof outlineNetwork>[0], id: string): string => {
  const tree = treeOf(outlineNetwork(net).root)
  const part = tree.byId.get(id)
  if (!part) throw new Error(`no part ${id}`)
  return sentencesAbout(tree, part, en).join(' ')
}

describe('what is said about a part', () => {
  it('is what it does to the shape, and what x does meanwhile', () => {
    expect(said(resnet18(), 'conv1')).toBe('3 channels become 64. 224 × 224 becomes 112 × 112.')
    expect(said(resnet18(), 'layer1.0.bn1')).toBe(
      'The shape does not change. Meanwhile, x takes the shortcut, unchanged.'
    )
    expect(said(resnet18(), 'layer2.0.conv2')).toContain('x takes the shortcut through downsample')
    expect(said(resnet18(), 'layer1.0')).toContain('x takes the shortcut')
    expect(said(resnet18(), 'layer1.0/add')).toBe(
      'The two branches meet: F(x) and x are added, element by element.'
    )
    // Its own gate's x, and that of the block around it.
    expect(said(se_resnet18(), 'layer1.0.se')).toBe(
      'The shape does not change. Meanwhile, x takes the shortcut, unchanged.'
    )
    // After the sum nothing is under way.
    expect(said(resnet18(), 'layer1.0.relu_1')).toBe('The shape does not change.')
    expect(said(resnet18(), 'reshape')).toBe('512 × 1 × 1 becomes 512.')
    expect(said(plainTwin(resnet18()), 'layer1.0.bn1')).toBe('The shape does not change.')
  })
})

describe('the number of layers', () => {
  it('is written as short as it can be', () => {
    expect(shortSum(countLayers(resnet18()).terms)).toBe('1 + 2·2·4 + 1')
    expect(shortSum(countLayers(resnet50()).terms)).toBe('1 + 3·3 + 4·3 + 6·3 + 3·3 + 1')
    expect(shortSum(countLayers(cifar_resnet20()).terms)).toBe('1 + 3·2·3 + 1')
    expect(shortSum(countLayers(vgg16()).terms)).toBe('2 + 2 + 3 + 3 + 3 + 3')
  })

  it('lights up the layers of the terms that are shown', () => {
    const layers = countLayers(resnet18())
    expect([...layersOf(layers, 2)]).toEqual([
      'conv1',
      'layer1.0.conv1',
      'layer1.0.conv2',
      'layer1.1.conv1',
      'layer1.1.conv2'
    ])
  })
})

describe('the layers of a twin', () => {
  it('are those of the twin itself, which may have other names', () => {
    const block = (): Residual => new Residual(new Sequential(new Conv2d(3, 3, 1), new ReLU()))
    const net = new Sequential(block(), block())
    for (const each of [net, plainTwin(net)]) {
      const { root, layers } = outlineNetwork(each)
      const { byId } = treeOf(root)
      expect([...layersOf(layers, Infinity)].map(name => byId.get(name)?.role)).toEqual(['conv', 'conv'])
    }
  })
})

describe('numbers', () => {
  it('are short where there is little room', () => {
    expect([0, 7, 999, 1000, 9408, 999_600, 11_689_512, 1_814_073_344].map(compact)).toEqual([
      '0',
      '7',
      '999',
      '1 k',
      '9.41 k',
      '1 M',
      '11.7 M',
      '1.81 G'
    ])
    expect(grouped(1_814_073_344)).toBe('1 814 073 344')
    expect([percent(1, 3), percent(1, 1e6), percent(0, 3), percent(0, 0)]).toEqual([
      '33.3 %',
      '< 0.1 %',
      '0.0 %',
      '0 %'
    ])
    expect([formatShape([1, 64, 7, 7]), formatShape([1, 10])]).toEqual(['64 × 7 × 7', '10'])
  })
})

describe('the list of models', () => {
  it('loses none, and has each in the group it belongs to', () => {
    const names = [
      'resnet26t',
      'resnet18',
      'cifar_resnet20',
      'se_resnet50',
      'resnet50c',
      'preact_resnet18',
      'vgg16_bn'
    ]
    const models = architecture.models()
    expect(models).toHaveLength(Object.keys(MODELS).length)
    const some = [...new Set(models.map(({ group }) => group))].map(group => [
      group,
      models.filter(model => model.group === group && names.includes(model.name)).map(({ name }) => name)
    ])
    expect(some).toEqual([
      ['resnet', ['resnet18']],
      ['cifar', ['cifar_resnet20']],
      ['preact', ['preact_resnet18']],
      ['attention', ['se_resnet50']],
      ['tweaks', ['resnet50c']],
      ['vgg', ['vgg16_bn']],
      ['timm', ['resnet26t']]
    ])
  })
})
