// Finds layers with feature maps: results of shape (N, C, h, w) with more than one position.
import { checkArguments } from '../base/options.js'
import type { ImageSize } from '../images/picture.js'
import { staticDim, type Shape } from '../ir/shape.js'
import { aNetwork, anInputShape } from '../nn/module/check-network.js'
import type { Module } from '../nn/module/module.js'
import { traceEvaluation, type ModuleCall } from '../nn/trace/trace.js'
import { formatShape } from '../tensor/tensor.js'
import { ExplainError, type Reading } from './explanation.js'

/** A layer with a feature map. */
export interface SpatialLayer {
  /** The name of its result, as \`layer\` and \`outputs\` take it: a module's dotted name, and \`relu_1\` for its second call. */
  readonly name: string
  /** (N, C, h, w) */
  readonly shape: Shape
}

/**
 * The layers of a network whose results are feature maps, in the order they begin, so parents first.
 * @throws ShapeError naming the module when the input does not fit.
 * @example
 * spatialLayers(resnet18(), ['N', 3, 224, 224]).at(-1)?.shape // ['N', 512, 7, 7]
 */
export function spatialLayers(net: Module, input: Shape): SpatialLayer[] {
  checkInput('spatialLayers', net, input)
  return spatialCalls(net, input).map(({ name, result: { shape } }) => ({ name, shape }))
}

/**
 * The default layer of heat maps: the outermost module that returns the last feature map, such as `layer4` of a ResNet or
 * `features` of a VGG.
 * @throws ExplainError when no layer has a feature map.
 */
export function lastSpatialLayer(net: Module, input: Shape): string {
  checkInput('lastSpatialLayer', net, input)
  const spatial = spatialCalls(net, input)
  const last = spatial.reduce((latest, { result }) => Math.max(latest, result.id), -1)
  const found = spatial.find(({ result }) => result.id === last)
  if (found) return found.name
  throw new ExplainError(`${net.typeName} has no layer whose result is [N, channels, height, width]`)
}

/** @throws OptionError for what is no network, or no shape. */
export function checkInput(owner: string, net: Module, input: Shape): void {
  checkArguments(owner, { net, input }, { net: aNetwork, input: anInputShape })
}

/** @throws ExplainError naming the layer's shape and a layer that has a feature map. */
export function assertSpatial(net: Module, input: Shape, { name, shape }: SpatialLayer): void {
  if (isSpatial(shape)) return
  throw new ExplainError(
    `${name} gives ${formatShape(shape)}, which is no map over the image; ${lastSpatialLayer(net, input)} is the last layer that gives one`
  )
}

function spatialCalls(net: Module, input: Shape): ModuleCall[] {
  return traceEvaluation(net, input).calls.filter(
    ({ path, result }) => path !== '' && isSpatial(result.shape)
  )
}

function isSpatial([, , height, width, ...others]: Shape): boolean {
  return typeof width === 'number' && others.length === 0 && Number(height) * width > 1
}

/**
 * The network's number of classes.
 * @throws ExplainError when its output is not [N, classes].
 */
export function classCount(net: Module, input: Shape, reading: Reading = {}): number {
  return classesIn(net, traceEvaluation(net, input).output.shape, reading)
}

/** @throws ExplainError when the output is not [N, classes]. */
export function classesIn(net: Module, output: Shape, { twoClasses }: Reading): number {
  const [, classes] = output
  if (twoClasses && classes !== 1) {
    const found = `${net.typeName} gives ${formatShape(output)}`
    throw new ExplainError(`twoClasses: is for a single output, [N, 1], which tells two apart; ${found}`)
  }
  if (output.length === 2 && typeof classes === 'number') return twoClasses ? 2 : classes
  throw new ExplainError(
    `${net.typeName} gives ${formatShape(output)}; what can be explained gives [N, classes]`
  )
}

export function extentOf(input: Shape): ImageSize {
  return { height: staticDim('explain', input, 2), width: staticDim('explain', input, 3) }
}
