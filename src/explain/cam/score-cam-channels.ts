import type { Tensor } from '../../tensor/tensor.js'
import { zeros } from '../../tensor/tensor.js'

/** The channels of largest variance, in the network's order; all without a limit. Shape of the maps: (1, C, h, w). */
export function mostVaried(maps: Tensor<'float32'>, limit = Infinity): number[] {
  const [, channels] = maps.shape
  const all = Array.from({ length: channels }, (_, channel) => channel)
  if (limit >= channels) return all
  const variances = all.map(channel => varianceOf(planeOf(maps, channel)))
  return all
    .sort((a, b) => variances[b] - variances[a])
    .slice(0, limit)
    .sort((a, b) => a - b)
}

/** `relu(Σₖ wₖ Aₖ)`. Shape: (1, C, h, w) → (1, h, w). */
export function weightedMap(
  maps: Tensor<'float32'>,
  channels: readonly number[],
  weights: readonly number[]
): Tensor<'float32'> {
  const [, , rows, columns] = maps.shape
  const sums = new Float64Array(rows * columns)
  for (const [i, channel] of channels.entries()) {
    const plane = planeOf(maps, channel)
    for (let place = 0; place < sums.length; place++) sums[place] += weights[i] * plane[place]
  }
  const map = zeros([1, rows, columns])
  map.data.set(sums.map(sum => Math.max(sum, 0)))
  return map
}

function planeOf({ data, shape: [, , rows, columns] }: Tensor<'float32'>, channel: number): Float32Array {
  const size = rows * columns
  return data.subarray(channel * size, (channel + 1) * size)
}

function varianceOf(plane: Float32Array): number {
  const mean = plane.reduce((sum, each) => sum + each, 0) / plane.length
  return plane.reduce((sum, each) => sum + (each - mean) ** 2, 0) / plane.length
}
