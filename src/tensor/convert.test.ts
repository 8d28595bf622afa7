import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toFloat32 } from './convert.js'
import { bytesOf, type DType, type TensorData } from './dtype.js'
import { tensor } from './tensor.js'

const golden = JSON.parse(
  readFileSync(new URL('../../test/goldens/weights/expected.json', import.meta.url), 'utf8')
) as { halves: Record<string, string> }

describe('toFloat32', () => {
  it.each(['float16', 'bfloat16'] as const)('widens every %s as torch does', dtype => {
    // All int16 from −2¹⁵ on, as in tools/weights_goldens.py, which does not compare NaN payloads.
    const every = new Uint16Array(Int16Array.from({ length: 2 ** 16 }, (_, i) => i - 2 ** 15).buffer)
    const wide = toFloat32(tensor(every, [2 ** 16], dtype)).data.map(value =>
      Number.isNaN(value) ? 0 : value
    )
    expect(createHash('sha256').update(bytesOf(wide)).digest('hex')).toBe(golden.halves[dtype])
  })

  it.each<[DType, TensorData, number[]]>([
    ['float64', Float64Array.of(0.1, -0, 1e300), [Math.fround(0.1), -0, Infinity]],
    ['int64', BigInt64Array.of(-3n, 2n ** 62n), [-3, 2 ** 62]],
    ['int32', Int32Array.of(-(2 ** 31), 16_777_217), [-(2 ** 31), 16_777_216]],
    ['int16', Int16Array.of(-32_768), [-32_768]],
    ['int8', Int8Array.of(-128, 127), [-128, 127]],
    ['uint8', Uint8Array.of(0, 255), [0, 255]],
    ['bool', Uint8Array.of(0, 1), [0, 1]]
  ])('takes %s', (dtype, data, values) => {
    const wide = toFloat32(tensor(data, [data.length, 1], dtype))
    expect([wide.dtype, wide.shape]).toEqual(['float32', [data.length, 1]])
    expect(Array.from(wide.data)).toEqual(values)
  })

  it('shares the data of float32 tensors', () => {
    const data = Float32Array.of(1, 2)
    expect(toFloat32(tensor(data)).data).toBe(data)
  })
})
