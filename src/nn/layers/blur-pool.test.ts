import { describe, expect, it } from 'vitest'
import { graphInput } from '../../ir/operand.js'
import { interpret } from '../../ir/testing/interpret.js'
import { tensor } from '../../tensor/tensor.js'
import { trace } from '../trace/trace.js'
import { BlurPool2d } from './blur-pool.js'

describe('BlurPool2d', () => {
  const squares = tensor(
    Float32Array.from({ length: 20 }, (_, i) => i * i),
    [1, 1, 4, 5]
  )

  // From timm 1.0.31.
  it.each([
    [{}, [15.5, 27, 42.5, 123, 157, 195]],
    [{ filtSize: 4 }, [31.625, 39.25, 60.375, 87.25, 100.5, 134.75, 155.375, 174.25, 221.625]],
    [
      { filtSize: 5, stride: 1 },
      [
        31.625, 35.4375, 45, 55.5625, 60.375, 59.4375, 64.65625, 77.5, 91.34375, 97.5625, 121.3125, 129.34375,
        148.75, 169.15625, 178.1875, 155.375, 164.8125, 187.5, 211.1875, 221.625
      ]
    ]
  ])('computes what timm computes: %o', (options, expected) => {
    const { graph } = trace(new BlurPool2d(1, options), [1, 1, 4, 5])
    expect(Array.from(interpret(graph, { x: squares }).logits.data)).toEqual(expected)
  })

  it('has nothing in the state dict, and says what it is', () => {
    const layer = new BlurPool2d(8)
    expect([...layer.stateDict()]).toEqual([])
    expect(String(layer)).toBe('BlurPool2d(8, filt_size=3, stride=2)')
  })

  it('refuses images without a mirror image, and options that are none', () => {
    const layer = new BlurPool2d(1)
    expect(() => layer(graphInput('x', [1, 1, 1, 4]))).toThrow(
      'BlurPool2d: expected images of more than 1 × 1 pixels, got 1'
    )
    expect(() => new BlurPool2d(0)).toThrow(
      'BlurPool2d: channels: expected a whole number of at least 1, got 0'
    )
    expect(() => new BlurPool2d(1, { filtSize: 1 })).toThrow('filtSize')
    expect(() => new BlurPool2d(1, { size: 3 } as object)).toThrow("unknown option 'size'")
  })
})
