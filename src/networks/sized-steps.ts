// Makes steps that a caller gives fit a network's input.
import { centerCrop, resizeShorter } from '../images/steps/geometry.js'
import { formAfter, ONE_PIXEL, readTransforms, type Transform } from '../images/pipeline/transforms.js'
import type { Shape } from '../ir/shape.js'

/**
 * The steps, before them a resize and a crop to the input's (N, C, H, W) where they give pictures of any size.
 * @throws ImageError when they stand in another order.
 */
export function sized(transforms: readonly Transform[], input: Shape): readonly Transform[] {
  const { pictures } = readTransforms(transforms, 'transforms')
  // No single size comes out of pictures of these three.
  const sizes = [
    ONE_PIXEL,
    { ...ONE_PIXEL, width: 640, height: 480 },
    { ...ONE_PIXEL, width: 480, height: 640 }
  ]
    .map(form => pictures.reduce(formAfter, form))
    .map(({ width, height }) => `${width} ${height}`)
  const [, , height, width] = input
  if (new Set(sizes).size === 1 || typeof height !== 'number' || typeof width !== 'number') return transforms
  return [resizeShorter(Math.max(height, width)), centerCrop([height, width]), ...transforms]
}
