import { describe, expect, it } from 'vitest'
import { readFields } from '../address/codecs.js'
import { FORMULAS, laneNames, settingsOf, SHORTCUTS, trainFields } from './fields.js'

const settings = (query: Readonly<Record<string, string>>) => settingsOf(readFields(trainFields, query))

describe('settings from an address', () => {
  it('are plain against residual where it says nothing', () => {
    expect(settings({})).toEqual({
      depth: 20,
      shortcuts: ['plain', 'identity'],
      learningRate: 0.05,
      batchSize: 32,
      seed: 0,
      device: 'auto'
    })
  })

  it('are what it says, as far as that makes sense', () => {
    const query = {
      depth: '56',
      left: 'product',
      right: 'wire',
      rate: '0.1',
      batch: '7',
      seed: '12',
      device: 'cpu'
    }
    expect(settings(query)).toEqual({
      depth: 56,
      shortcuts: ['product', 'identity'],
      learningRate: 0.1,
      batchSize: 32,
      seed: 12,
      device: 'cpu'
    })
  })

  it('offer every shortcut the library knows, each with a formula of its own', () => {
    expect(new Set(SHORTCUTS)).toEqual(new Set(Object.keys(FORMULAS)))
    expect(new Set(Object.values(FORMULAS)).size).toBe(SHORTCUTS.length)
    expect(new Set(laneNames(['plain', 'plain'])).size).toBe(2)
  })
})
