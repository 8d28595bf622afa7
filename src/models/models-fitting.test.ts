import { beforeEach, describe, expect, it } from 'vitest'
import { manualSeed } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { zeros } from '../tensor/tensor.js'
import { findModel, type ModelName, type ModelOptions } from './registry.js'
import { modelsFitting } from './models-fitting.js'

/** What is stored of a network; only names and shapes count here, so drawing values is spared. */
function stored(name: ModelName, options: ModelOptions = {}): StateDict {
  const net = findModel(name).build(options)
  return new Map(
    [...net.namedParameters(), ...net.namedBuffers()].map(([key, { shape }]) => [key, zeros(shape)])
  )
}

describe('modelsFitting', () => {
  beforeEach(() => {
    manualSeed(0)
  })

  it('takes no draws', () => {
    const [[, next]] = findModel('cifar_resnet8').build().namedParameters()
    manualSeed(0)
    modelsFitting(new Map())
    const [[, after]] = findModel('cifar_resnet8').build().namedParameters()
    expect(after.data).toEqual(next.data)
  })

  it.each([
    ['resnet18', { numClasses: 7 }],
    ['resnet18d', { inChannels: 1 }],
    ['se_resnet18', {}],
    ['preact_resnet18', {}],
    ['cifar_resnet20', { inChannels: 1 }],
    ['cifar_preact_resnet20', {}]
  ] as const)('knows %s again', (name, options) => {
    expect(modelsFitting(stored(name, options))).toEqual([name])
  })

  it('sees past a prefix that all names have', () => {
    const wrapped = Array.from(
      stored('cifar_resnet8'),
      ([name, tensor]) => [`module.${name}`, tensor] as const
    )
    expect(modelsFitting(new Map(wrapped))).toEqual(['cifar_resnet8'])
  })

  it('finds none where tensors lack, are left over, or are of no model', () => {
    const whole = stored('cifar_resnet8')
    const [[first, tensor]] = whole
    expect(modelsFitting(new Map([...whole].slice(1)))).toEqual([])
    expect(modelsFitting(new Map([...whole, ['other', tensor]]))).toEqual([])
    expect(modelsFitting(new Map([[first, tensor]]))).toEqual([])
    expect(modelsFitting(new Map())).toEqual([])
  })
})
