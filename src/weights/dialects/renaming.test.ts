import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renaming, renamingBack, type Rule } from './renaming.js'

const RULES: readonly Rule[] = [
  ['queue'],
  ['stem.conv', 'conv1'],
  ['stages.{s-1}.layers.{b}.layer.{k-1}.convolution', 'layer{s}.{b}.conv{k}'],
  ['classifier.1', 'fc']
]

describe('renaming', () => {
  const rename = renaming(RULES)

  it.each([
    ['stem.conv.weight', 'conv1.weight'],
    ['stages.0.layers.12.layer.1.convolution.weight', 'layer1.12.conv2.weight'],
    ['classifier.1.bias', 'fc.bias'],
    ['classifier.1', 'fc']
  ])('%s is %s', (theirs, ours) => {
    expect(rename(theirs)).toBe(ours)
  })

  it.each([
    'queue',
    'queue.ptr',
    'stem.conv1.weight',
    'stages.x.layers.0.layer.0.convolution',
    'classifier.10.bias'
  ])('leaves out %s', name => {
    expect(rename(name)).toBeUndefined()
  })

  it('takes the first rule that fits', () => {
    expect(
      renaming([
        ['a', 'b'],
        ['', 'c']
      ])('a.x')
    ).toBe('b.x')
    expect(
      renaming([
        ['a', 'b'],
        ['', 'c']
      ])('aa.x')
    ).toBe('c.aa.x')
  })

  it('takes off what an empty name stands for', () => {
    expect(renaming([['backbone', '']])('backbone.conv1.weight')).toBe('conv1.weight')
  })
})

describe('renamingBack', () => {
  it('undoes every rule, for all numbers', () => {
    const [there, back] = [renaming(RULES), renamingBack(RULES)]
    const number = fc.integer({ min: 1, max: 999 })
    fc.assert(
      fc.property(number, number, number, (s, b, k) => {
        const ours = `layer${s}.${b}.conv${k}.weight`
        const theirs = `stages.${s - 1}.layers.${b}.layer.${k - 1}.convolution.weight`
        expect([back(ours), there(theirs)]).toEqual([theirs, ours])
      })
    )
  })

  it('has no name where a number would be negative', () => {
    expect(renamingBack(RULES)('layer0.0.conv1.weight')).toBeUndefined()
  })
})
