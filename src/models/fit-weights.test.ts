import { describe, expect, it } from 'vitest'
import type { StateDict } from '../tensor/state-dict.js'
import { zeros } from '../tensor/tensor.js'
import { fitWeights } from './fit-weights.js'
import { cifar_resnet8 } from './resnet/cifar-resnet.js'

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
