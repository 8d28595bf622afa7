// Weights in the memory that blocked convolutions read, by reorders of whole tiles, which run on all cores.
import * as F from '../../ir/functional/index.js'
import { apply, constant } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { Tensor } from '../../tensor/tensor.js'
import type { Layout } from './layout.js'

/** A weight whose groups blocked convolutions have a kernel for. */
export interface GroupedWeight {
  readonly weight: Value
  readonly groups: number
}

/**
 * A weight (O, C / groups, kH, kW) in groups of whole blocks, or of one channel. Smaller groups are joined to one of a block, in
 * which each has zeros for the channels of the others. Nothing where that cannot be.
 */
export function inWholeGroups(layout: Layout, weight: Value, groups: number): GroupedWeight | undefined {
  const { block } = layout
  const [outputs, channels] = weight.shape.map(Number)
  const perGroup = outputs / groups
  if (outputs % block !== 0) return undefined
  if (groups === 1) return channels % block === 0 || channels < block ? { weight, groups } : undefined
  if (channels === 1 && perGroup === 1) return { weight, groups }
  if (channels % block === 0 && perGroup % block === 0) return { weight, groups }
  if (perGroup !== channels || block % channels !== 0) return undefined
  const joined = block / channels
  const owned = Float32Array.from({ length: outputs * block }, (_, i) => {
    const [output, channel] = [Math.floor(i / block), i % block]
    return Number(Math.floor(channel / channels) === Math.floor(output / channels) % joined)
  })
  const mask = constant(new Tensor(owned, [outputs, block, 1, 1], 'float32'))
  const copies = Array.from({ length: joined }, () => weight)
  return {
    weight: layout.once(`joined ${weight.id}`, () => F.mul(F.cat(copies, 1), mask)),
    groups: groups / joined
  }
}

/** (O, C / groups, kH, kW) as `blockedConv2d` wants it. */
export function blockedWeight(layout: Layout, weight: Value): Value {
  return layout.once(`weight ${weight.id}`, () => {
    const { block } = layout
    const [outputs, channels, rows, columns] = weight.shape.map(Number)
    const area = rows * columns
    const outermost = F.reshape(weight, [outputs / block, block, channels * rows, columns])
    // [O / block][C][kH][kW][block of O]
    const byOutput = apply('toBlocked', [outermost], { block })
    if (channels < block) return F.reshape(byOutput, weight.shape)
    const split = F.reshape(byOutput, [(outputs * channels) / block ** 2, block, area, block])
    return F.reshape(F.permute(split, [0, 2, 1, 3]), weight.shape)
  })
}

/** Some taps of a weight with its two channel axes exchanged: (C, O / groups, rows, columns), as `blockedConv2d` wants it. */
export function turnedWeight(
  layout: Layout,
  { weight, groups }: GroupedWeight,
  rows: readonly number[],
  columns: readonly number[]
): Value {
  const { block } = layout
  const [outputs, channels, height, width] = weight.shape.map(Number)
  const area = height * width
  const tiles = (outputs * channels * area) / block ** 2
  const turned = layout.once(`turned ${weight.id}`, () => {
    // A tile (block of C, block of O) is an image of one column, and a reorder turns it.
    const asImages = F.reshape(blockedWeight(layout, weight), [tiles, block, block, 1])
    return F.reshape(apply('toBlocked', [asImages], { block }), [tiles, block * block])
  })
  const taps = rows.flatMap(row => columns.map(column => row * width + column))
  const [outer, inner] = [outputs / groups / block, channels / block]
  const places = Array.from({ length: groups * inner }, (_, c) =>
    Array.from({ length: outer }, (_, o) => {
      const tile = (Math.floor(c / inner) * outer + o) * inner + (c % inner)
      return taps.map(tap => tile * area + tap)
    })
  ).flat(2)
  const taken = apply('take', [turned], { axis: 0, places })
  return F.reshape(taken, [groups * channels, outputs / groups, rows.length, columns.length])
}
