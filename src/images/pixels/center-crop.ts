// torchvision's centre crop: where the middle of an image is when it has no exact one, and what stands around an image
// that is smaller than the crop.
import { cut, type ImageSize, type Region } from '../resize/resize.js'
import type { RgbImage } from '../rgb-image.js'
import { roundHalfEven } from '../random/round-half-even.js'

/** The part of an image that a centre crop keeps, and where in the crop it goes. */
export interface CropPlan {
  /** In the image. */
  readonly region: Region
  /** Black columns to the left of the region, black rows above it. */
  readonly left: number
  readonly top: number
}

/**
 * Cuts the middle out of an image; what the image lacks is black (torchvision: `functional.center_crop`).
 *
 * Shape: (H, W, 3) → (height, width, 3).
 */
export function centerCrop(image: RgbImage, width: number, height: number): RgbImage {
  const { region, left, top } = centerCropPlan(image, { width, height })
  const rows = cut(image, region.left, region.width, region.top, region.top + region.height)
  if (region.width === width && region.height === height) return { width, height, data: rows.data }
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < region.height; y++) {
    const row = rows.data.subarray(y * region.width * 3, (y + 1) * region.width * 3)
    data.set(row, ((top + y) * width + left) * 3)
  }
  return { width, height, data }
}

/** Which part of an image of size `from` is in the crop. */
export function centerCropPlan(from: ImageSize, crop: ImageSize): CropPlan {
  const across = centerSpan(from.width, crop.width)
  const down = centerSpan(from.height, crop.height)
  return {
    region: { left: across.start, top: down.start, width: across.length, height: down.length },
    left: across.padding,
    top: down.padding
  }
}

function centerSpan(size: number, crop: number): { start: number; length: number; padding: number } {
  if (crop > size) return { start: 0, length: size, padding: Math.floor((crop - size) / 2) }
  return { start: roundHalfEven((size - crop) / 2), length: crop, padding: 0 }
}
