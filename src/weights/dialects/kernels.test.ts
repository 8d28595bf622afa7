import { expect, it } from 'vitest'
import { tensor } from '../../tensor/tensor.js'
import { TO_HWIO, TO_OIHW, withKernels } from './kernels.js'

// numpy.arange(24).reshape(1, 2, 3, 4).transpose(3, 2, 0, 1).ravel()
const OIHW = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23]

it('puts the dimensions of kernels, and of nothing else, in another order and back', () => {
  const kernel = tensor(
    Float32Array.from({ length: 24 }, (_, i) => i),
    [1, 2, 3, 4]
  )
  const turned = withKernels(kernel, TO_OIHW)
  expect([turned.shape, [...turned.data]]).toEqual([[4, 3, 1, 2], OIHW])
  expect(withKernels(turned, TO_HWIO)).toEqual(kernel)
  const counts = tensor(BigInt64Array.from([1n, 2n]), [1, 1, 1, 2], 'int64')
  expect(withKernels(counts, TO_OIHW)).toEqual(tensor(counts.data, [2, 1, 1, 1], 'int64'))
  const bias = tensor([1, 2])
  expect(withKernels(bias, TO_OIHW)).toBe(bias)
})
