// Finds how a residual body changes the shape by tracing it with several input sizes.
import { graphInput } from '../../ir/operand.js'
import { stridesBetween } from '../../ir/join-branches.js'
import { broadcastShapes, sameShape, type Shape } from '../../ir/shape.js'
import type { Module } from '../module/module.js'
import { inEvaluation } from '../trace/trace.js'
import { Conv2d } from './convolution.js'
import { Linear } from './linear.js'
import { Normalisation } from './normalisation.js'

export interface BodyShape {
  /** Whether its input is images (N, C, H, W), or features (…, F). */
  readonly kind: 'images' | 'features'
  readonly inChannels: number
  readonly outChannels: number
  readonly stride: number
  /** Whether F(x) + x broadcasts to x's shape. */
  readonly addsToInput: boolean
}

// A stride has to explain all of them; global pooling, for example, has none.
const SIZES = [192, 252, 320]

/**
 * Finds how a body changes the shape; undefined where no projection could follow it.
 * @param inChannels channels of x; default those of the body's first layer.
 */
export function probeBody(body: Module, inChannels?: number): BodyShape | undefined {
  const into = channelsInto(body)
  const channels = inChannels ?? into?.channels
  if (channels === undefined) return undefined
  const kinds = into?.kinds ?? (['images', 'features'] as const)
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

/** The input channels of the first layer with weights. */
export function channelsInto(
  body: Module
): { readonly channels: number; readonly kinds: readonly BodyShape['kind'][] } | undefined {
  for (const module of body.modules()) {
    if (module instanceof Conv2d) return { channels: module.inChannels, kinds: ['images'] }
    if (module instanceof Normalisation) return { channels: module.channels, kinds: ['images'] }
    // A linear layer may follow a pooled image, too.
    if (module instanceof Linear) return { channels: module.inFeatures, kinds: ['features', 'images'] }
  }
  return undefined
}

/** A network that knows how large images usually are. */
export interface WithImageSize {
  readonly imageSize?: number
}

/** Of photographs, as networks for ImageNet take them. */
export const PHOTOGRAPH = 224

/** The usual height and width of a network's images: its own, or 224. */
export function imageSizeOf(net: Module): number {
  const { imageSize = PHOTOGRAPH } = net as WithImageSize
  return Number.isSafeInteger(imageSize) && imageSize > 0 ? imageSize : PHOTOGRAPH
}

/** A colour image of the network's usual size. */
export function usualImage(net: Module): Shape {
  const size = imageSizeOf(net)
  return [1, 3, size, size]
}

/** A probable input: an image of the usual size, or features if a linear layer comes first. */
export function usualInput(net: Module): Shape {
  const { channels = 3, kinds = ['images'] } = channelsInto(net) ?? {}
  const size = imageSizeOf(net)
  return kinds[0] === 'images' ? [1, channels, size, size] : [1, channels]
}

/** The output shape in evaluation mode, if the input fits. */
function outputShape(body: Module, shape: Shape): Shape | undefined {
  try {
    return inEvaluation(body, () => body(graphInput('x', shape))).shape
  } catch {
    // It takes another size or other channels; the error is reported when the network itself is traced.
    return undefined
  }
}

/** An output's channels, and the strides that explain its size. */
type Observed = Pick<BodyShape, 'outChannels' | 'addsToInput'> & { readonly strides: readonly number[] }

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
