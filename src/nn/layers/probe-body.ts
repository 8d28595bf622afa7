// What the body of a residual connection does to the shape: found by feeding it symbols of several sizes.
import { graphInput } from '../../ir/operand.js'
import { stridesBetween } from '../../ir/join-advice.js'
import { broadcastShapes, sameShape, type Shape } from '../../ir/shape.js'
import type { Module } from '../module.js'
import { inEvaluation } from '../trace.js'
import { BatchNorm2d } from './batch-norm2d.js'
import { Conv2d } from './conv2d.js'
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

// A stride has to explain them all: what makes one pixel of any image strides by no number.
const SIZES = [192, 252, 320]

/**
 * Finds what a body does to the shape; nothing where it does not say, or where no projection would follow it.
 * @param inChannels of x; by default what the body's first layer takes.
 */
export function probeBody(body: Module, inChannels?: number): BodyShape | undefined {
  const first =
    inChannels === undefined
      ? channelsInto(body)
      : { channels: inChannels, kinds: channelsInto(body)?.kinds ?? (['images', 'features'] as const) }
  if (first === undefined) return undefined
  const { channels, kinds } = first
  for (const kind of kinds) {
    const shapes =
      kind === 'images' ? SIZES.map(size => [1, channels, size, size] as const) : [[1, channels] as const]
    const found = shapes.map(shape => compare(shape, outputShape(body, shape)))
    const [one] = found
    if (!one || found.some(each => each?.outChannels !== one.outChannels)) continue
    const [stride] = one.strides.filter(each => found.every(other => other?.strides.includes(each)))
    if (stride === undefined) continue
    const { outChannels, addsToInput } = one
    return { kind, inChannels: channels, outChannels, stride, addsToInput }
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
    return inEvaluation(body, () => body(graphInput('x', shape))).shape
  } catch {
    // Made for another size, or for more than the first of its layers says: where it runs, it is traced again.
    return undefined
  }
}

/** What one output tells: its channels, and the strides that would explain its size. */
interface Observed extends Pick<BodyShape, 'outChannels' | 'addsToInput'> {
  readonly strides: readonly number[]
}

function compare(from: Shape, to: Shape | undefined): Observed | undefined {
  if (!to) return undefined
  if (broadcastsOnto(to, from)) return { outChannels: Number(from[1]), strides: [1], addsToInput: true }
  const [, outChannels] = to
  if (to.length !== from.length || typeof outChannels !== 'number') return undefined
  const strides = to.slice(2).map((size, axis) => stridesBetween(Number(from[axis + 2]), Number(size)))
  const [first = [1], ...others] = strides
  return {
    outChannels,
    strides: first.filter(stride => others.every(other => other.includes(stride))),
    addsToInput: false
  }
}

function broadcastsOnto(shape: Shape, onto: Shape): boolean {
  try {
    return sameShape(broadcastShapes('add', shape, onto), onto)
  } catch {
    return false
  }
}
