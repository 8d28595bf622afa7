// Which layers have a map: a result of N × C × h × w with more than one place, found on the traced graph of any network.
import { staticDim, type Dim, type Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import type { ModuleCall } from '../nn/record-calls.js'
import { traceEvaluation } from '../nn/trace.js'
import { formatShape } from '../tensor/tensor.js'
import { ExplainError } from './explain-error.js'
import type { Extent } from './heat.js'

/** A layer and the shape of its result. */
export interface SpatialLayer {
  /** The module's dotted name. */
  readonly path: string
  /** (N, C, h, w) */
  readonly shape: Shape
}

/**
 * The layers of a network whose results are maps, in the order they begin, so parents first.
 * @throws ShapeError that names the module when the input does not fit.
 * @example
 * spatialLayers(resnet18(), ['N', 3, 224, 224]).at(-1)?.shape // ['N', 512, 7, 7]
 */
export function spatialLayers(net: Module, input: Shape): SpatialLayer[] {
  return spatialCalls(net, input).map(({ path, result: { shape } }) => ({ path, shape }))
}

/**
 * The layer that a heat map is of unless another is asked for: the outermost of those that give the last map there is,
 * where a network knows most and still says where. `layer4` of a ResNet, `features` of a VGG.
 * @throws ExplainError when no layer has a map.
 */
export function lastSpatialLayer(net: Module, input: Shape): string {
  const spatial = spatialCalls(net, input)
  const last = spatial.reduce((latest, { result }) => Math.max(latest, result.id), -1)
  const found = spatial.find(({ result }) => result.id === last)
  if (found) return found.path
  throw new ExplainError(`${net.typeName} has no layer whose result is [N, channels, height, width]`)
}

/** @throws ExplainError that says the layer's shape, and which layer has a map. */
export function assertSpatial(net: Module, input: Shape, { path, shape }: SpatialLayer): void {
  if (isSpatial(shape)) return
  throw new ExplainError(
    `${path} gives ${formatShape(shape)}, which is no map over the image; ${lastSpatialLayer(net, input)} is the last layer that gives one`
  )
}

function spatialCalls(net: Module, input: Shape): ModuleCall[] {
  return traceEvaluation(net, input).calls.filter(
    ({ path, result }) => path !== '' && isSpatial(result.shape)
  )
}

function isSpatial(shape: Shape): boolean {
  const [, , height, width] = shape
  return shape.length === 4 && places(height) * places(width) > 1
}

function places(dim: Dim): number {
  return dim === 'N' ? 0 : dim
}

/**
 * How many classes a network tells apart.
 * @throws ExplainError when its output is not [N, classes].
 */
export function classCount(net: Module, input: Shape): number {
  return classesIn(net, traceEvaluation(net, input).output.shape)
}

/** @throws ExplainError when an output of this shape does not tell classes apart. */
export function classesIn(net: Module, output: Shape): number {
  const [, classes] = output
  if (output.length === 2 && typeof classes === 'number') return classes
  throw new ExplainError(
    `${net.typeName} gives ${formatShape(output)}; what can be explained gives [N, classes]`
  )
}

/** Height and width of images. */
export function extentOf(input: Shape): Extent {
  return { height: staticDim('explain', input, 2), width: staticDim('explain', input, 3) }
}
