import { Conv2d } from '../nn/layers/convolution.js'
import { inferenceOf } from '../compile/inference.js'
import { loadGraph } from '../compile/load-program.js'
import { engineFor } from '../compile/shared-engines.js'
import type { Graph } from '../ir/graph.js'
import type { Shape } from '../ir/shape.js'
import { checkNetworkCall } from '../nn/module/check-network.js'
import type { Module } from '../nn/module/module.js'
import { INPUT_NAME, traceEvaluation } from '../nn/trace/trace.js'
import { toFloat32 } from '../tensor/convert.js'
import type { FloatTensor } from '../tensor/tensor.js'
import { graphOf } from './batched-program.js'
import { classLogits } from './chosen-class.js'
import { ExplainError, LAYER_OPTIONS, type LayerOptions, type Reading } from './explanation.js'
import { assertSpatial, checkInput, classCount, lastSpatialLayer } from './layers.js'

/** A layer that is ready to be looked at. */
export interface FeatureMaps extends AsyncDisposable {
  /** The layer's maps and the network's output. Shape: (N, C, H, W) → (N, channels, h, w) and (N, classes). */
  (images: FloatTensor): Promise<{ readonly maps: FloatTensor; readonly logits: FloatTensor }>
  /** The name of the layer's result. */
  readonly layer: string
  dispose(): Promise<void>
}

const { batchSize: _, ...OPTIONS } = LAYER_OPTIONS

/**
 * Prepares the computation of a layer's feature maps; by default of the last layer that has any.
 * @throws OutputError when the layer is not a module of the network, ExplainError when it has no feature map.
 * @example
 * const features = await featureMaps(cifar_resnet20(), { input: ['N', 3, 32, 32], layer: 'layer1' })
 * const { maps } = await features(rand([1, 3, 32, 32]))
 * maps.shape // [1, 16, 32, 32]
 */
export async function featureMaps(
  net: Module,
  options: Omit<LayerOptions, 'batchSize'>
): Promise<FeatureMaps> {
  checkNetworkCall('featureMaps', net, options, OPTIONS)
  const { input, layer = lastSpatialLayer(net, input) } = options
  const engine = engineFor(options)
  const program = await loadGraph(engine, mapsGraph(net, input, { ...options, layer }), {
    name: net.typeName
  })
  const features = async (images: FloatTensor): ReturnType<FeatureMaps> => {
    const { maps, logits } = await program.run({ [INPUT_NAME]: images })
    return { maps: toFloat32(maps), logits: toFloat32(logits) }
  }
  const dispose = (): Promise<void> => program.dispose()
  return Object.assign(features, { layer, dispose, [Symbol.asyncDispose]: dispose })
}

function mapsGraph(
  net: Module,
  shape: Shape,
  { layer, ...reading }: Reading & { readonly layer: string }
): Graph {
  if (reading.twoClasses) classCount(net, shape, reading)
  const { input, output, layers, nameOf } = inferenceOf(net, shape, [layer])
  const [maps] = layers
  assertSpatial(net, shape, { name: layer, shape: maps.shape })
  return graphOf([input], { logits: classLogits(output, reading), maps }, nameOf)
}

/** A convolution's filters. */
export interface FoundFilters {
  /** The module's dotted name. */
  readonly path: string
  /** Shape: (O, C / groups, kH, kW). */
  readonly weight: FloatTensor
}

/**
 * The filters of a convolution; by default of the first that runs.
 * @throws OutputError when the layer is not a module that runs, ExplainError when it is no convolution.
 */
export function filtersOf(net: Module, input: Shape, layer?: string): FoundFilters {
  checkInput('filtersOf', net, input)
  const { calls, resultOf } = traceEvaluation(net, input)
  // Throws for an unknown layer, or one that never runs.
  if (layer !== undefined) resultOf(layer)
  for (const { path, name, module } of calls) {
    if (module instanceof Conv2d && (layer === undefined || name === layer))
      return { path, weight: module.weight.data }
  }
  if (layer === undefined)
    throw new ExplainError(`${net.typeName} has no convolution, so no filters to look at`)
  const found = calls.find(({ name }) => name === layer)?.module.typeName ?? 'no module'
  throw new ExplainError(
    `${layer} is ${found}, not a convolution; ${filtersOf(net, input).path} is the first one`
  )
}
