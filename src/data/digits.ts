// The bundled handwritten digits, for training within seconds.
import { packedDataset } from './packed.js'
import type { Dataset } from './dataset.js'
import { readIdx } from './idx.js'

const SIDE = 8
const PIXELS = SIDE * SIDE
const BRIGHTEST = 16

/**
 * 1,797 handwritten digits of 8 × 8 pixels and one channel (scikit-learn: `load_digits`, its 0 … 16 as 0 … 255).
 *
 * They are the test set of UCI's "Optical Recognition of Handwritten Digits" (see NOTICE).
 * @throws DatasetError when the bundled file is missing or damaged.
 * @example
 * const { train, validation } = randomSplit(await digits(), 0.2, 0)
 */
export async function digits(): Promise<Dataset> {
  // Each row holds a digit's pixels, then its label.
  const { shape, data: rows } = await readIdx(new URL('../../assets/digits.idx.gz', import.meta.url))
  const [count, width] = shape
  const data = new Uint8Array(count * PIXELS)
  const labels = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * width, (i + 1) * width)
    for (let p = 0; p < PIXELS; p++) data[i * PIXELS + p] = Math.round((row[p] * 255) / BRIGHTEST)
    labels[i] = row[PIXELS]
  }
  const classes = Array.from('0123456789')
  return packedDataset({ width: SIDE, height: SIDE, channels: 1, data, labels, classes }, 'digits')
}
