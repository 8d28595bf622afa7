// A state dict that covers all features; tools/check_written_pth.py makes the same.
import { allocate, bytesOf, type DType } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { Tensor } from '../../tensor/tensor.js'

export const DTYPES: readonly DType[] = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool'
]

/** Various names, dtypes and shapes, with bytes by formula. */
export function everything(): StateDict {
  return new Map(
    DTYPES.flatMap((dtype, k) =>
      [[], [3], [2, 1, 3], [0, 2]].map((shape, j): [string, Tensor] => {
        const data = allocate(
          dtype,
          shape.reduce((a, b) => a * b, 1)
        )
        bytesOf(data).forEach(
          (_, i, bytes) => (bytes[i] = dtype === 'bool' ? i & 1 : (i * 37 + k * 11 + j * 5) & 0x3f)
        )
        return [`layer${j}.${dtype}`, new Tensor(data, shape, dtype)]
      })
    )
  )
}
