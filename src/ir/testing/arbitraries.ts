// Random shapes and geometries for property tests of ops: small, but covering the corner cases.
import fc from 'fast-check'
import type { Pair } from '../ops.js'
import type { Dim, Shape } from '../shape.js'

/** A size. */
export const dim = fc.integer({ min: 1, max: 4 })
/** A batch size, symbolic or a number. */
export const batch = fc.constantFrom<Dim>('N', 1, 2)
/** Rows and columns. */
export const pair = (min: number, max: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
/** A shape that begins with the batch. */
export const shapeOf = (minRank: number, maxRank = 4): fc.Arbitrary<Shape> =>
  fc
    .tuple(batch, fc.array(dim, { minLength: minRank - 1, maxLength: maxRank - 1 }))
    .map(([first, rest]) => [first, ...rest])
/** One flag for each axis there may be. */
export const flags = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })

/** Two shapes that broadcast: each may have axes of size 1, or lack leading axes. */
export const broadcasting = fc
  .record({
    shape: shapeOf(1),
    ones: fc.array(fc.constantFrom('a', 'b', 'neither'), { minLength: 4, maxLength: 4 }),
    lacking: fc.constantFrom('a', 'b', 'neither'),
    axes: fc.nat(4)
  })
  .map(({ shape, ones, lacking, axes }) => {
    const operand = (name: 'a' | 'b'): Shape =>
      shape
        .map((size, axis): Dim => (ones[axis] === name ? 1 : size))
        .slice(lacking === name ? Math.min(axes, shape.length) : 0)
    return { a: operand('a'), b: operand('b') }
  })

/**
 * An image size that a window of the given reach fits into, with some room. It is large enough that no dilated window
 * covers only padding, of which ONNX Runtime's maximum is the lowest finite float, not −∞.
 */
export const imageSize = (reach: Pair, padding: Pair, room: Pair, least: Pair = [1, 1]): Pair => [
  Math.max(least[0], reach[0] - 2 * padding[0] + room[0]),
  Math.max(least[1], reach[1] - 2 * padding[1] + room[1])
]
/** Rows and columns from a kernel's first entry to its last. */
export const reachOf = (kernel: Pair, dilation: Pair): Pair => [
  dilation[0] * (kernel[0] - 1) + 1,
  dilation[1] * (kernel[1] - 1) + 1
]

/** A pooling window. */
export const pooling = fc
  .record({
    batch,
    channels: dim,
    kernel: pair(1, 3),
    stride: pair(1, 4),
    dilation: pair(1, 3),
    padded: fc.tuple(fc.boolean(), fc.boolean()),
    room: pair(0, 5),
    ceilMode: fc.boolean(),
    countIncludePad: fc.boolean()
  })
  .map(({ padded, ...rest }) => {
    // torch allows at most half a window of padding.
    const half = (axis: 0 | 1): number => (padded[axis] ? Math.floor(rest.kernel[axis] / 2) : 0)
    return { ...rest, padding: [half(0), half(1)] as const }
  })

/** Pooling of images with a known batch size. */
export const maxPooling = fc
  .record({ pool: pooling, items: dim })
  .map(({ pool: { kernel, stride, padding, dilation, ceilMode, channels, room }, items }) => ({
    kernel,
    stride,
    padding,
    dilation,
    ceilMode,
    image: [items, channels, ...imageSize(reachOf(kernel, dilation), padding, room, dilation)] as Shape &
      number[]
  }))

/** The spatial geometry of a convolution. */
const placement = fc
  .record({
    kernel: pair(1, 3),
    stride: pair(1, 3),
    padding: pair(0, 2),
    dilation: pair(1, 3),
    room: pair(0, 4)
  })
  .map(({ kernel, stride, padding, dilation, room }) => ({
    size: imageSize(reachOf(kernel, dilation), padding, room),
    options: { stride, padding, dilation },
    kernel
  }))

/** A convolution by the shapes of its operands without the batch: image (C, H, W) and weight (O, C / groups). */
export const convolution = fc
  .record({
    groups: fc.integer({ min: 1, max: 3 }),
    perGroup: fc.integer({ min: 1, max: 3 }),
    outPerGroup: fc.integer({ min: 1, max: 3 }),
    placement
  })
  .map(({ groups, perGroup, outPerGroup, placement: { size, options, kernel } }) => {
    const weight: Pair = [groups * outPerGroup, perGroup]
    return { image: [groups * perGroup, ...size], weight, kernel, ...options, groups }
  })

/** A convolution in one group with more channels than kernel elements. */
export const wideConvolution = fc
  .record({ channels: fc.integer({ min: 9, max: 11 }), placement })
  .map(({ channels, placement: { size, options, kernel } }) => {
    const weight: Pair = [2, channels]
    return { image: [channels, ...size], weight, kernel, ...options, groups: 1 }
  })
type Geometry = Parameters<Parameters<typeof convolution.map>[0]>[0]
type Steps = Pick<Geometry, 'stride' | 'padding' | 'dilation'>

const spare = (image: readonly number[], kernel: Pair, { padding, dilation }: Steps): Pair => {
  const [rows, columns] = reachOf(kernel, dilation)
  return [image[1] + 2 * padding[0] - rows, image[2] + 2 * padding[1] - columns]
}
/** Rows and columns of a convolution's output. */
export const convolved = (image: readonly number[], kernel: Pair, steps: Steps): Pair => {
  const [rows, columns] = spare(image, kernel, steps)
  return [Math.floor(rows / steps.stride[0]) + 1, Math.floor(columns / steps.stride[1]) + 1]
}
/** Rows and columns that the last window does not reach. */
export const leftOver = (image: readonly number[], kernel: Pair, steps: Steps): Pair => {
  const [rows, columns] = spare(image, kernel, steps)
  return [rows % steps.stride[0], columns % steps.stride[1]]
}
