// Spatial padding.
import type { Padding } from '../ir/ops.js'
import type { DType } from '../tensor/dtype.js'
import { scalar } from './constants.js'
import type { Emitter } from './emitter.js'

/** Pads the last two of four axes; negative amounts crop. Without padding no node is added. */
export function padImage(
  out: Emitter,
  image: string,
  [top, left, bottom, right]: Padding,
  { fill, dtype }: { readonly fill: number; readonly dtype: DType }
): string {
  if ([top, left, bottom, right].every(amount => amount === 0)) return image
  const amounts = out.integers([0, 0, top, left, 0, 0, bottom, right])
  return out.intermediate('Pad', [image, amounts, scalar(out, fill, dtype)])
}
