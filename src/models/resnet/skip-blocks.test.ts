// What the blocks have beside their forward pass, which is compared with torch's where whole networks are.
import { describe, expect, it } from 'vitest'
import { Identity } from '../../nn/layers/shaping.js'
import { ProductBlock, ProjectedBlock } from './skip-blocks.js'

describe('a block that projects', () => {
  it.each([ProjectedBlock, ProductBlock])('normalises as it is told to: %o', Block => {
    const text = String(new Block(4, 8, { stride: 2, normLayer: () => new Identity() }))
    expect(text).toContain('(downsample)')
    expect(text).not.toContain('BatchNorm2d')
  })
})
