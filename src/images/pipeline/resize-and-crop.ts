// Fuses a resize and the centre crop after it: only the remaining pixels are computed.
import type { Picture } from '../picture.js'
import { centerRegion, pad, type ImageBorders } from '../pixels/cut-out.js'
import { resizer, type Resizer } from '../resize/resize.js'
import { resizedSize, type CenterCrop, type Resize } from '../steps/geometry.js'

interface Prepared {
  readonly resize: Resizer
  /** Padding of pictures smaller than the crop. */
  readonly borders: ImageBorders
}

// Photographs of one folder often share a few sizes.
const KEPT = 8

/** Applies both steps, bit for bit. The next call overwrites the returned pixels. */
export function resizeAndCrop(resize: Resize, { size }: CenterCrop): (picture: Picture) => Picture {
  const kept = new Map<string, Prepared>()
  const preparedFor = (picture: Picture): Prepared => {
    const key = [picture.width, picture.height, picture.channels].join()
    let found = kept.get(key)
    if (!found) {
      const to = resizedSize(picture, resize)
      const { region, borders } = centerRegion(to, size)
      found = { resize: resizer(picture, to, region), borders }
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size === KEPT) kept.delete(oldest)
      kept.set(key, found)
    }
    return found
  }
  return picture => {
    const { resize, borders } = preparedFor(picture)
    return pad(resize(picture), borders, [0])
  }
}
