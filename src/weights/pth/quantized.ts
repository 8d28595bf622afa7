// torch's quantized tensors as the floats that they stand for. Loaded when a file has one.
// Source: torch/_utils.py (`_rebuild_qtensor`), aten/src/ATen/native/quantized/AffineQuantizerBase.cpp.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { allocateBytes } from '../../platform/allocate-bytes.js'
import { viewAs } from '../../tensor/dtype.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'

/** Steps and the integers of zero: of the whole tensor, or of each index of an axis. */
export interface Steps {
  readonly scales: ArrayLike<number>
  readonly zeroPoints: ArrayLike<number>
  /** Undefined for the whole tensor. */
  readonly axis: number | undefined
}

/** (q − zero point) · scale, in float32 as torch computes it. @throws Fault where the steps do not fit the shape. */
export function dequantized(
  name: string,
  { data, shape }: Tensor,
  { scales, zeroPoints, axis }: Steps
): Tensor<'float32'> {
  const channels = axis === undefined ? 1 : (shape[axis] ?? -1)
  if (scales.length !== channels || zeroPoints.length !== channels) {
    throw new Fault(`${quote(name)} is quantized with ${scales.length} scales for ${channels} channels`)
  }
  const inner = axis === undefined ? 1 : sizeOf(shape.slice(axis + 1))
  const to = viewAs('float32', allocateBytes(data.length * 4).buffer, 0, data.length)
  for (let i = 0; i < data.length; i++) {
    const channel = axis === undefined ? 0 : Math.floor(i / inner) % channels
    to[i] = (Number(data[i]) - zeroPoints[channel]) * Math.fround(scales[channel])
  }
  return new Tensor(to, shape, 'float32')
}
