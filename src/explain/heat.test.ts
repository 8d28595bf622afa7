// Heat maps: signs, scaling, and interpolation as in torch.
import { describe, expect, it } from 'vitest'
import { expectClose } from '../ir/testing/expect-close.js'
import { toFloat64 } from '../ir/testing/float64-tensor.js'
import { tensor, type Tensor } from '../tensor/tensor.js'
import { enlarged, heatOf, interpolation, peakOf } from './heat.js'
import { itemAt } from './items.js'

/** Single precision is stored. */
const ROUNDING = 1e-6

const expectTensor = (found: Tensor, expected: readonly number[], shape: readonly number[]): void =>
  expectClose(toFloat64(found), toFloat64(tensor(expected, shape)), ROUNDING)

describe('heat', () => {
  it('clips negative values, and scales each map’s maximum to 1', () => {
    const maps = tensor([-4, 1, 2, 0, 0.5, -1, -2, 0.25], [2, 2, 2])
    expectTensor(heatOf(maps, { height: 2, width: 2 }), [0, 0.5, 1, 0, 1, 0, 0, 0.5], [2, 2, 2])
  })

  it('is zero without positive values', () => {
    expect([...heatOf(tensor([-1, -2, 0, -3], [1, 2, 2]), { height: 3, width: 3 }).data]).toEqual(
      Array(9).fill(0)
    )
  })

  it('interpolates like torch’s F.interpolate(…, (4, 3), mode="bilinear")', () => {
    const map = tensor([0, 1, 2, 3], [1, 2, 2])
    expectTensor(
      enlarged(map, { height: 4, width: 3 }),
      [0, 0.5, 1, 0.5, 1, 1.5, 1.5, 2, 2.5, 2, 2.5, 3],
      [1, 4, 3]
    )
  })

  it('aligns corners on request: 5 pixels from 3', () => {
    const pixels = interpolation(3, 5, true)
    const places = pixels.map(({ before, after, share }) => before + share * (after - before))
    expect(places).toEqual([0, 0.5, 1, 1.5, 2])
    expect(interpolation(3, 1, true)[0].before).toBe(0)
  })

  it('finds the hottest pixel of an image in a batch', () => {
    const heat = tensor([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.9, 0.9], [2, 2, 3])
    expect(peakOf(heat, 0)).toEqual({ x: 0, y: 0 })
    expect(peakOf(heat, 1)).toEqual({ x: 1, y: 1 })
    expect(itemAt(heat, 1)).toMatchObject({ shape: [2, 3] })
    expect(itemAt(heat, 1).data[4]).toBeCloseTo(0.9)
  })
})
