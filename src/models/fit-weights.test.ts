import { describe, expect, it } from 'vitest'
import type { StateDict } from '../tensor/state-dict.js'
import { tensor, zeros } from '../tensor/tensor.js'
import { fitWeights } from './fit-weights.js'
import { hasNamesOf } from './load-into.js'
import { cifar_resnet8 } from './resnet/cifar-resnet.js'
import { resnet18 } from './resnet/resnet.js'

const net = cifar_resnet8({ numClasses: 3 })
const behind = (prefix: string): StateDict =>
  new Map(Array.from(net.stateDict(), ([key, tensor]) => [prefix + key, tensor]))
/** What does not fit, by the names that the weights have after all. */
const faults = (given: StateDict): unknown => {
  const { missingKeys, unexpectedKeys } = cifar_resnet8({ numClasses: 3 }).loadStateDict(
    fitWeights(net, given).stateDict,
    { strict: false }
  )
  return { missingKeys, unexpectedKeys }
}

describe('weights that fit but for a few', () => {
  it('behind a prefix are faulted for those alone, and not for the prefix', () => {
    const more = behind('model.').set('model.loss.centres', zeros([2]))
    expect(faults(more)).toEqual({ missingKeys: [], unexpectedKeys: ['loss.centres'] })
    const less = behind('module.encoder.')
    less.delete('module.encoder.layer2.0.conv2.weight')
    expect(faults(less)).toEqual({ missingKeys: ['layer2.0.conv2.weight'], unexpectedKeys: [] })
  })

  it('without a prefix are faulted as they are', () => {
    const less = behind('')
    less.delete('layer2.0.conv2.weight')
    expect(faults(less)).toEqual({ missingKeys: ['layer2.0.conv2.weight'], unexpectedKeys: [] })
  })
})

describe('one network', () => {
  const own = resnet18({ numClasses: 3 })
  const named = (prefix: string, state = own.stateDict()): StateDict =>
    new Map(Array.from(state, ([key, tensor]) => [prefix + key, tensor]))

  it('under two prefixes is no choice, and two networks are', () => {
    const twice = new Map([...named('model.'), ...named('attacker.model.')])
    expect(fitWeights(own, twice).stateDict.get('conv1.weight')).toBe(twice.get('model.conv1.weight'))
    const other = new Map(own.stateDict()).set('fc.bias', tensor([1, 2, 3]))
    const both = new Map([...named('a.'), ...named('b.', other)])
    expect(() => fitWeights(own, both)).toThrow('the option entry chooses one: "a", "b"')
  })

  it('with a classifier written as a convolution is the same', () => {
    const { weight } = own.fc
    const convolved = new Map(own.stateDict()).set('fc.weight', weight.data.reshape([3, 512, 1, 1]))
    expect(hasNamesOf(own, convolved)).toBe(false)
    expect(fitWeights(own, convolved).stateDict.get('fc.weight')?.shape).toEqual([3, 512])
  })
})
