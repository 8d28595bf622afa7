// Seeded networks hold torch's very numbers (facts of tools/random_goldens.py).
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manualSeed, rand } from '../tensor/random/random.js'
import { findModel } from './registry.js'
import { resnet18 } from './resnet/resnet.js'

const hash = (data: Float32Array): string => createHash('sha256').update(data).digest('hex').slice(0, 16)

describe('a seeded network', () => {
  it.each(['resnet18', 'resnet50'])('%s has the weights torch gives it', name => {
    const url = new URL(`../../test/goldens/random/${name}-seed0.json`, import.meta.url)
    const golden = JSON.parse(readFileSync(url, 'utf8')) as { parameters: Record<string, string> }
    manualSeed(0)
    const net = findModel(name).build()
    const found = Array.from(net.namedParameters(), ([key, { data }]) => [key, hash(data.data)])
    expect(Object.fromEntries(found)).toEqual(golden.parameters)
  })

  it('leaves the generator where torch leaves it, whether its weights are read or not', () => {
    const draw = (read: boolean): number[] => {
      manualSeed(3)
      const net = resnet18({ numClasses: 5 })
      if (read) net.stateDict()
      return [...rand([4]).data]
    }
    expect(draw(true)).toEqual(draw(false))
  })

  it('depends on the seed and on nothing else', () => {
    const weights = (seed: number): string => {
      manualSeed(seed)
      return hash(resnet18({ numClasses: 2 }).fc.weight.data.data)
    }
    expect(weights(5)).toBe(weights(5))
    expect(weights(5)).not.toBe(weights(6))
  })
})
