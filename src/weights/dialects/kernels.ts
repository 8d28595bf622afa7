// Kernels of convolutions in TensorFlow's layout, (height, width, input, output), and in PyTorch's, (output, input, height, width).
import { allocate } from '../../tensor/dtype.js'
import { Tensor } from '../../tensor/tensor.js'

/** For each dimension of the result, that of the original. */
type Order = readonly [number, number, number, number]

export const TO_OIHW: Order = [3, 2, 0, 1]
export const TO_HWIO: Order = [2, 3, 1, 0]

/** A convolution's weight with its dimensions in another order; any other tensor as it is. */
export function withKernels(given: Tensor, order: Order): Tensor {
  if (given.shape.length !== 4) return given
  const strides = given.shape.map((_, at) => given.shape.slice(at + 1).reduce((a, b) => a * b, 1))
  const shape = order.map(at => given.shape[at])
  const [first, second, third, fourth] = shape
  const [a, b, c, d] = order.map(at => strides[at])
  const from = given.data as Float32Array
  const to = allocate(given.dtype, from.length, () => 'weights with kernels in another order') as Float32Array
  let at = 0
  for (let i = 0; i < first; i++)
    for (let j = 0; j < second; j++)
      for (let k = 0; k < third; k++) {
        const start = i * a + j * b + k * c
        for (let l = 0; l < fourth; l++) to[at++] = from[start + l * d]
      }
  return new Tensor(to, shape, given.dtype as 'float32')
}
