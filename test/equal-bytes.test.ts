import { expect, it } from 'vitest'
// Tests of one file may be run with another configuration, which has not loaded it.
import './equal-bytes.js'

const pixels = Uint8Array.from({ length: 3_000_000 }, (_, i) => i)

it('compares large arrays in no time', () => {
  const start = process.cpuUsage()
  for (let left = 20; left > 0; left--) expect({ data: pixels.slice() }).toEqual({ data: pixels })
  expect(process.cpuUsage(start).user).toBeLessThan(2_000_000)
})

it('finds what differs', () => {
  expect(Uint8Array.of(1, 2)).not.toEqual(Uint8Array.of(1, 3))
  expect(Uint8Array.of(1, 2)).not.toEqual(Uint8Array.of(1))
  expect(Float32Array.of(0)).not.toEqual(Float32Array.of(-0))
})

it('takes no array for one of another type', () => {
  expect(Uint8Array.of(1)).not.toEqual(Int8Array.of(1))
  expect(Int32Array.of(0)).not.toEqual(Float32Array.of(0))
})

it('takes every NaN for the same', () => {
  const [one, other] = [0x7fc00000, 0x7fc00001].map(bits => new Float32Array(Uint32Array.of(bits).buffer))
  expect(one).toEqual(other)
})
