// Score-CAM: one program for the layer's maps, one for the logits of the image masked by each.
import { aBoolean, aFunction, either, oneOf, positiveInteger, type OptionsOf } from '../../base/options.js'
import { engineFor } from '../../compile/shared-engines.js'
import { add, amax, div, matmul, mul, neg, sub, transpose } from '../../ir/functional/index.js'
import type { ImageSize } from '../../images/picture.js'
import type { Graph } from '../../ir/graph.js'
import { constant, graphInput as inputValue } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { staticDim, type Shape } from '../../ir/shape.js'
import { checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { softmax } from '../../tensor/probabilities.js'
import { Tensor, type FloatTensor } from '../../tensor/tensor.js'
import { BatchedProgram, forwardOf, graphOf, imageByImage } from '../batched-program.js'
import { settledClasses } from '../chosen-class.js'
import { explainFault, LAYER_OPTIONS, type LayerExplainer } from '../explanation.js'
import { featureMaps } from '../features.js'
import { heatOf, interpolation } from '../heat.js'
import { everyItem, joined } from '../items.js'
import { assertSpatial, classCount, extentOf, lastSpatialLayer } from '../layers.js'

const { max } = Math

const OPTIONS = {
  ...LAYER_OPTIONS,
  /** Runs only for this many channels, those of largest variance, unlike the paper; default all. */
  maxChannels: either(positiveInteger, oneOf(Infinity)),
  /** Called after each run with the number of channels done. */
  onProgress: aFunction<(done: number, channels: number) => void>(),
  /** Align corner samples with the image's corners; default false (torch: `align_corners`). */
  alignCorners: aBoolean
}

/** Options of `scoreCam`. */
export interface ScoreCamOptions extends OptionsOf<typeof OPTIONS> {}

/** Keeps a constant map from dividing by zero; as in pytorch-grad-cam. */
const LEAST_RANGE = 1e-8

/**
 * Score-CAM: each channel of a layer is weighted by the class's score on the image masked by that channel. It needs no
 * gradients, but a run per channel.
 *
 * From Score-CAM, Wang et al. 2019, algorithm 1, https://arxiv.org/abs/1910.01279; the baseline score that the paper
 * subtracts is equal for all channels and cancels in the softmax.
 * @throws OutputError when the layer is not a module of the network, ExplainError when it has no feature map.
 * @example
 * const explain = await scoreCam(cifar_resnet20(), { input: ['N', 3, 32, 32], maxChannels: 16 })
 */
export async function scoreCam(net: Module, options: ScoreCamOptions): Promise<LayerExplainer> {
  checkNetworkCall('scoreCam', net, options, OPTIONS, explainFault)
  const { input, maxChannels = Infinity, onProgress } = options
  const layer = options.layer ?? lastSpatialLayer(net, input)
  const extent = extentOf(input)
  const engine = engineFor(options)
  const classes = classCount(net, input, options)
  const [{ shape }] = forwardOf(net, input, options, [layer]).layers
  assertSpatial(net, input, { name: layer, shape })
  const [mapsOf, masked] = await Promise.all([
    featureMaps(net, { input: [1, ...input.slice(1)], layer, engine, twoClasses: options.twoClasses }),
    BatchedProgram.load(net, { ...options, engine }, at => maskedGraph(net, at, shape, options))
  ])

  const explainer = imageByImage(
    classes,
    options,
    async (image, asked) => {
      const { logits, maps } = await mapsOf(image)
      const [classIndex] = settledClasses([asked], logits)
      const planes = everyItem(maps.reshape(maps.shape.slice(1)))
      const channels = mostVaried(planes, maxChannels)
      const scores: number[] = []
      for await (const { count, outputs } of masked.chunks({ maps: stacked(channels) }, { image })) {
        for (let item = 0; item < count; item++) {
          scores.push(Number(outputs.logits.data[item * classes + classIndex]))
        }
        onProgress?.(scores.length, channels.length)
      }
      return { map: weightedMap(channels, softmax(scores)), logits, classIndex }
    },
    found => {
      const map = joined(found.map(each => each.map))
      return { map, heat: heatOf(map, extent) }
    },
    async () => {
      await Promise.all([mapsOf.dispose(), masked.dispose()])
    }
  )
  return Object.assign(explainer, { layer })
}

/** From one image and some maps to the logits of the image masked by each. */
function maskedGraph(net: Module, shape: Shape, layer: Shape, options: ScoreCamOptions): Graph {
  const [batch, ...rest] = shape
  const image = inputValue('image', [1, ...rest])
  const maps = inputValue('maps', [batch, 1, ...layer.slice(2)])
  const masks = relative(enlarge(maps, extentOf(shape), options.alignCorners))
  const { logitsOf, nameOf } = forwardOf(net, shape, options)
  return graphOf([image, maps], { logits: logitsOf(mul(image, masks)) }, nameOf)
}

/** Min–max normalises each map. */
function relative(maps: Value): Value {
  const most = amax(maps, [2, 3], { keepDim: true })
  const least = neg(amax(neg(maps), [2, 3], { keepDim: true }))
  return div(sub(maps, least), add(sub(most, least), LEAST_RANGE))
}

/** Bilinear interpolation as two matrix products. Shape: (N, C, h, w) → (N, C, H, W). */
function enlarge(maps: Value, { height, width }: ImageSize, alignCorners?: boolean): Value {
  const [rows, columns] = [2, 3].map(axis => staticDim('enlarge', maps.shape, axis))
  const down = constant(sharesOf(rows, height, alignCorners))
  const across = constant(sharesOf(columns, width, alignCorners))
  return matmul(matmul(down, maps), transpose(across, 0, 1))
}

/** Interpolation weights: row i for pixel i. Shape: (to, from). */
function sharesOf(from: number, to: number, alignCorners?: boolean): FloatTensor {
  const shares = new Float32Array(to * from)
  for (const [i, { before, after, share }] of interpolation(from, to, alignCorners).entries()) {
    shares[i * from + before] += 1 - share
    shares[i * from + after] += share
  }
  return new Tensor(shares, [to, from], 'float32')
}

/** The channels of largest variance, in the network's order; all without a limit. Shape of each: (h, w). */
export function mostVaried(planes: readonly FloatTensor[], limit = Infinity): readonly FloatTensor[] {
  if (limit >= planes.length) return planes
  const variances = new Map(planes.map(plane => [plane, varianceOf(plane)]))
  const byVariance = planes.toSorted((a, b) => (variances.get(b) ?? 0) - (variances.get(a) ?? 0))
  const chosen = new Set(byVariance.slice(0, limit))
  return planes.filter(plane => chosen.has(plane))
}

function varianceOf({ data }: FloatTensor): number {
  const mean = data.reduce((sum, each) => sum + each, 0) / data.length
  return data.reduce((sum, each) => sum + (each - mean) ** 2, 0) / data.length
}

/** `relu(Σₖ wₖ Aₖ)`. Shape: (h, w) each → (1, h, w). */
export function weightedMap(planes: readonly FloatTensor[], weights: readonly number[]): FloatTensor {
  const sums = new Float64Array(planes[0].size)
  for (const [i, { data }] of planes.entries())
    data.forEach((each, place) => (sums[place] += weights[i] * each))
  const map = Float32Array.from(sums, sum => max(sum, 0))
  return new Tensor(map, [1, ...planes[0].shape], 'float32')
}

/** Shape: (h, w) each → (planes, 1, h, w). */
function stacked(planes: readonly FloatTensor[]): FloatTensor {
  return joined(planes.map(plane => plane.reshape([1, 1, ...plane.shape])))
}
