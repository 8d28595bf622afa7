import { sizeOf, Tensor, zeros } from '../tensor/tensor.js'

/** Sums over channels. Shape: (N, C, H, W) → (N, H, W). */
export function summedChannels({
  data,
  shape: [count, channels, height, width]
}: Tensor<'float32'>): Tensor<'float32'> {
  const sums = zeros([count, height, width])
  const plane = height * width
  for (let item = 0, at = 0; item < count; item++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < plane; pixel++) sums.data[item * plane + pixel] += data[at++]
    }
  }
  return sums
}

/** Clips each map at a quantile of its positive pixels. Shape: (N, H, W). */
export function clippedAt({ data, shape }: Tensor<'float32'>, quantile: number): Tensor<'float32'> {
  const size = sizeOf(shape.slice(1))
  const clipped = data.slice()
  for (let start = 0; start < data.length; start += size) {
    const positive = data
      .slice(start, start + size)
      .filter(each => each > 0)
      .sort()
    if (positive.length === 0) continue
    const most = positive[Math.min(positive.length - 1, Math.floor(quantile * positive.length))]
    for (let i = start; i < start + size; i++) clipped[i] = Math.min(clipped[i], most)
  }
  return new Tensor(clipped, shape, 'float32')
}
