// Matching parameters by pattern, the settings of groups, and optimisers by name.
import { describe, expect, it } from 'vitest'
import { BatchNorm2d } from '../nn/layers/normalisation.js'
import { Conv2d } from '../nn/layers/convolution.js'
import { Linear } from '../nn/layers/linear.js'
import { Sequential } from '../nn/layers/containers.js'
import { parameterGroups, settingsFor, expectMatches, matchesAny, matchesName } from './parameter-groups.js'
import { OptimError } from './optimizer.js'
import { OPTIMIZERS } from './names.js'
import { parseOptimizer } from './parse-optimizer.js'

const NAMES = [
  'conv1.weight',
  'bn1.weight',
  'bn1.bias',
  'layer1.0.conv1.weight',
  'layer10.0.bn1.bias',
  'fc.bias'
]

describe('matchesName', () => {
  it.each([
    ['layer1', ['layer1.0.conv1.weight']],
    ['layer1.0', ['layer1.0.conv1.weight']],
    ['conv1', ['conv1.weight']],
    ['bn1.bias', ['bn1.bias']],
    ['*.bias', ['bn1.bias', 'layer10.0.bn1.bias', 'fc.bias']],
    ['*bn1', ['bn1.weight', 'bn1.bias', 'layer10.0.bn1.bias']],
    ['layer*.0', ['layer1.0.conv1.weight', 'layer10.0.bn1.bias']],
    ['*', NAMES],
    ['layer', []],
    ['weight', []],
    ['bn1.', []],
    ['', []],
    ['bn1?', []],
    ['(bn1|fc)', []],
    ['bn1.b.as', []]
  ])('%s', (pattern, expected) => {
    expect(NAMES.filter(name => matchesName(pattern, name))).toEqual(expected)
  })

  it('accepts several patterns', () => {
    expect(NAMES.filter(name => matchesAny(['conv1', 'fc'], name))).toEqual(['conv1.weight', 'fc.bias'])
    expect(matchesAny([], 'conv1.weight')).toBe(false)
  })
})

describe('expectMatches', () => {
  it('lists patterns without a match, with suggestions', () => {
    expect(() => expectMatches(['conv1', '*.bias'], NAMES)).not.toThrow()
    expect(() => expectMatches(['fc', 'layr1'], NAMES)).toThrow(
      new OptimError("no parameter matches 'layr1' (did you mean layer1 or layer10?)")
    )
    expect(() => expectMatches(['fc'], NAMES)).not.toThrow()
    expect(() => expectMatches(['layr1', 'fc', 'x'], ['layer1.weight', 'fc.bias'])).toThrow(
      new OptimError("no parameter matches 'layr1' (did you mean layer1?); no parameter matches 'x'")
    )
    expect(() => expectMatches(['x'], [])).toThrow(new OptimError("no parameter matches 'x'"))
  })
})

describe('parameter groups', () => {
  const options = {
    weightDecay: 1e-4,
    groups: [
      { match: 'layer1', lrScale: 0.1 },
      { match: 'layer1.0', weightDecay: 0.5 },
      { match: 'layer1.0.conv1', lrScale: 0.01 }
    ]
  }

  it('take each setting from the last matching group that defines it', () => {
    expect(settingsFor('fc.weight', [5, 2], options)).toEqual({ lrScale: 1, weightDecay: 1e-4 })
    expect(settingsFor('layer1.1.conv1.weight', [2, 2, 3, 3], options)).toEqual({
      lrScale: 0.1,
      weightDecay: 1e-4
    })
    expect(settingsFor('layer1.0.conv1.weight', [2, 2, 3, 3], options)).toEqual({
      lrScale: 0.01,
      weightDecay: 0.5
    })
  })

  it('exempt normalisation and biases from weight decay, unless a group sets one', () => {
    const sparing = { ...options, noDecayOnNormAndBias: true }
    expect(settingsFor('fc.weight', [5, 2], sparing).weightDecay).toBe(1e-4)
    expect(settingsFor('fc.bias', [5], sparing)).toEqual({ lrScale: 1, weightDecay: 0 })
    expect(settingsFor('scale', [], sparing).weightDecay).toBe(0)
    expect(settingsFor('layer1.0.bn1.bias', [5], sparing).weightDecay).toBe(0.5)
  })

  const net = new Sequential({
    conv1: new Conv2d(3, 4, 3, { bias: false }),
    bn1: new BatchNorm2d(4),
    fc: new Linear(4, 2)
  })

  it('cover a whole network', () => {
    const groups = [{ match: 'conv1', lrScale: 0 }]
    expect([...parameterGroups(net, { weightDecay: 0.1, groups, noDecayOnNormAndBias: true })]).toEqual([
      ['conv1.weight', { lrScale: 0, weightDecay: 0.1 }],
      ['bn1.weight', { lrScale: 1, weightDecay: 0 }],
      ['bn1.bias', { lrScale: 1, weightDecay: 0 }],
      ['fc.weight', { lrScale: 1, weightDecay: 0.1 }],
      ['fc.bias', { lrScale: 1, weightDecay: 0 }]
    ])
  })

  it.each([
    [{ match: 'conv2' }, /^no parameter matches 'conv2' \(did you mean conv1\?\)$/u],
    [
      { match: 'fc', lrScale: -1 },
      /^parameter group 'fc': lrScale: expected a number of at least 0, got -1$/u
    ],
    [{ match: 'fc', weightDecay: NaN }, /^parameter group 'fc': weightDecay: expected .*, got NaN$/u]
  ])('refuse %j', (group, message) => {
    const make = (): unknown => parameterGroups(net, { weightDecay: 0, groups: [group] })
    expect(make).toThrow(OptimError)
    expect(make).toThrow(message)
  })
})

describe('parseOptimizer', () => {
  it.each(OPTIMIZERS)('makes %s', name => {
    const optimizer = parseOptimizer(name, { lr: 0.5, weightDecay: 0.25 })
    expect([optimizer.name.toLowerCase(), optimizer.learningRate, optimizer.weightDecay]).toEqual([
      name,
      0.5,
      0.25
    ])
  })

  it('keeps the defaults of omitted settings', () => {
    expect(parseOptimizer(' AdamW ')).toMatchObject({ name: 'adamw', learningRate: 1e-3, weightDecay: 0.01 })
    expect(parseOptimizer('sgd', { lr: 1 }).slots).toEqual([])
    expect(parseOptimizer('sgd', { lr: 1, momentum: 0.9 }).slots).toEqual(['momentum_buffer'])
  })

  it.each([
    ['sdg', {}, "unknown optimizer 'sdg': expected sgd, adam, adamw, rmsprop, lars or lamb"],
    ['toString', {}, "unknown optimizer 'toString': expected sgd, adam, adamw, rmsprop, lars or lamb"],
    ['sgd', {}, 'sgd: has no default learning rate; set one'],
    ['lamb', { momentum: 0.9 }, 'lamb: has no momentum option; betas set its moving averages'],
    ['rmsprop', { lr: -1 }, 'rmsprop: lr: expected a number of at least 0, got -1']
  ])('refuses %s with %j', (name, settings, message) => {
    expect(() => parseOptimizer(name, settings)).toThrow(new OptimError(message))
  })
})
