// What the body of a residual connection does to the shape: found by feeding it symbols of two sizes.
import { input } from '../../ir/operand.js'
import { broadcastShapes, sameShape, type Shape } from '../../ir/shape.js'
import type { Module } from '../module.js'
import { inEvaluation } from '../trace.js'
import { BatchNorm2d } from './batch-norm2d.js'
import { Conv2d } from './conv2d.js'
import { strideBetween } from './join-branches.js'
import { Linear } from './linear.js'

/** From which shape to which a body leads. */
export interface BodyShape {
  /** Whether its input is images (N, C, H, W), or features (…, F). */
  readonly kind: 'images' | 'features'
  readonly inChannels: number
  readonly outChannels: number
  readonly stride: number
  /** Whether x can be added as it is, and the sum has x's shape. */
  readonly addsToInput: boolean
}

// A stride has to explain both: what makes one pixel of any image strides by no number.
const SIZES = [64, 96]

/** Finds what a body does to the shape; nothing where it does not say, or where no projection would follow it. */
export function probeBody(body: Module): BodyShape | undefined {
  const first = channelsInto(body)
  if (first === undefined) return undefined
  const { channels, kinds } = first
  for (const kind of kinds) {
    const shapes = (kind === 'images' ? SIZES : [undefined]).map((size): Shape => {
      return size === undefined ? [1, channels] : [1, channels, size, size]
    })
    const found = shapes.map(shape => compare(kind, channels, shape, outputShape(body, shape)))
    const [one] = found
    if (one && found.every(each => each?.stride === one.stride)) return one
  }
  return undefined
}

/** The channels that the first layer with weights takes. */
export function channelsInto(
  body: Module
): { readonly channels: number; readonly kinds: readonly BodyShape['kind'][] } | undefined {
  for (const module of body.modules()) {
    if (module instanceof Conv2d) return { channels: module.inChannels, kinds: ['images'] }
    if (module instanceof BatchNorm2d) return { channels: module.numFeatures, kinds: ['images'] }
    // Linear layers stand in bodies that pool an image, too.
    if (module instanceof Linear) return { channels: module.inFeatures, kinds: ['features', 'images'] }
  }
  return undefined
}

/** What a body makes of a shape, in evaluation mode. */
function outputShape(body: Module, shape: Shape): Shape | undefined {
  try {
    return inEvaluation(body, () => body.forward(input('x', shape))).shape
  } catch {
    // Made for another size, or for more than the first of its layers says: where it runs, it is traced again.
    return undefined
  }
}

function compare(
  kind: BodyShape['kind'],
  inChannels: number,
  from: Shape,
  to: Shape | undefined
): BodyShape | undefined {
  if (!to) return undefined
  if (broadcastsOnto(to, from)) {
    return { kind, inChannels, outChannels: inChannels, stride: 1, addsToInput: true }
  }
  const [, outChannels] = to
  if (to.length !== from.length || typeof outChannels !== 'number') return undefined
  const strides = to
    .slice(2)
    .map((size, axis) => strideBetween(Number(from[axis + 2]), typeof size === 'number' ? size : NaN))
  const stride = strides.length === 0 ? 1 : strides[0]
  if (stride === undefined || strides.some(each => each !== stride)) return undefined
  return { kind, inChannels, outChannels, stride, addsToInput: false }
}

function broadcastsOnto(shape: Shape, onto: Shape): boolean {
  try {
    return sameShape(broadcastShapes('add', shape, onto), onto)
  } catch {
    return false
  }
}
