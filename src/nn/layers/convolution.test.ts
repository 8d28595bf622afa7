import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectClose } from '../../ir/testing/expect-close.js'
import { interpret } from '../../ir/testing/interpret.js'
import { rand } from '../../tensor/random/random.js'
import { trace } from '../trace/trace.js'
import { Conv1d } from './convolution.js'

/** Both add up in float64; what is left is the order of the sums. */
const EXACT = 1e-12

describe('Conv1d', () => {
  it('is the sum over channels and kernel that torch defines', () => {
    const geometry = fc.record({
      groups: fc.integer({ min: 1, max: 2 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.integer({ min: 0, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      bias: fc.boolean(),
      length: fc.integer({ min: 8, max: 12 })
    })
    fc.assert(
      fc.property(geometry, ({ groups, kernel, stride, padding, dilation, bias, length }) => {
        const [from, to] = [2 * groups, 3 * groups]
        const layer = new Conv1d(from, to, kernel, { stride, padding, dilation, groups, bias })
        const x = rand([2, from, length])
        const { logits } = interpret(trace(layer, [2, from, length]).graph, { x })
        const places = Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
        expect(logits.shape).toEqual([2, to, places])
        const weight = layer.weight.data.data
        const expected = Float64Array.from({ length: 2 * to * places }, (_, flat) => {
          const [item, out, place] = [
            Math.floor(flat / (to * places)),
            Math.floor(flat / places) % to,
            flat % places
          ]
          const group = Math.floor(out / 3)
          let sum = layer.bias?.data.data[out] ?? 0
          for (let channel = 0; channel < 2; channel++)
            for (let k = 0; k < kernel; k++) {
              const at = place * stride - padding + k * dilation
              if (at < 0 || at >= length) continue
              sum +=
                weight[(out * 2 + channel) * kernel + k] *
                x.data[(item * from + group * 2 + channel) * length + at]
            }
          return sum
        })
        expectClose(logits, { ...logits, data: expected }, EXACT)
      }),
      { numRuns: 40 }
    )
  })

  it('refuses channels that do not divide into groups', () => {
    expect(() => new Conv1d(3, 4, 3, { groups: 2 })).toThrow('Conv1d: 3 input and 4 output channels')
  })
})
