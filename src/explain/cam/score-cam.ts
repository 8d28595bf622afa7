// Score-CAM: one program for the layer's maps, one for the logits of the image masked by each.
import {
  aBoolean,
  aFunction,
  checkOptions,
  either,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../../base/options.js'
import { engineFor } from '../../compile/shared-engines.js'
import { add, amax, div, matmul, mul, neg, sub, transpose } from '../../ir/functional/index.js'
import { collectGraph, type Graph } from '../../ir/graph.js'
import { constant, graphInput as inputValue } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { staticDim, type Shape } from '../../ir/shape.js'
import type { Module } from '../../nn/module.js'
import { softmax } from '../../tensor/probabilities.js'
import { Tensor } from '../../tensor/tensor.js'
import { BatchedProgram, forwardOf, joined } from '../batched-program.js'
import { settledClasses } from '../chosen-class.js'
import { explainFault } from '../explain-error.js'
import { LAYER_OPTIONS, type Explanation, type LayerExplainer } from '../explanation.js'
import { featureMaps } from '../features.js'
import { heatOf, type Extent } from '../heat.js'
import { interpolation, type Enlarging } from '../interpolate.js'
import { assertSpatial, classCount, extentOf, lastSpatialLayer } from '../layers.js'
import { eachImage, explainerOf, type FoundOfImage } from '../per-image.js'
import { mostVaried, weightedMap } from './score-cam-channels.js'

const OPTIONS = {
  ...LAYER_OPTIONS,
  /** Runs only for this many channels, those of largest variance, unlike the paper; default all. */
  maxChannels: either(positiveInteger, oneOf(Infinity)),
  /** Called after each run with the number of channels done. */
  onProgress: aFunction<(done: number, channels: number) => void>(),
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
  checkOptions('scoreCam', options, OPTIONS, explainFault)
  const { input, maxChannels = Infinity, onProgress } = options
  const layer = options.layer ?? lastSpatialLayer(net, input)
  const extent = extentOf(input)
  const engine = engineFor(options)
  const classes = classCount(net, input)
  const [{ shape }] = forwardOf(net, input, [layer]).layers
  assertSpatial(net, input, { path: layer, shape })
  const [mapsOf, masked] = await Promise.all([
    featureMaps(net, { input: [1, ...input.slice(1)], layer, engine }),
    BatchedProgram.load(net, { ...options, engine }, at => maskedGraph(net, at, shape, options))
  ])

  const ofImage = async (image: Tensor<'float32'>, asked: number): Promise<Found> => {
    const { logits, maps } = await mapsOf(image)
    const [classIndex] = settledClasses([asked], logits)
    const channels = mostVaried(maps, maxChannels)
    const scores: number[] = []
    for await (const { outputs } of masked.chunks({ maps: chosenMaps(maps, channels) }, { image })) {
      const {
        data,
        shape: [count]
      } = outputs.logits
      for (let item = 0; item < count; item++) scores.push(Number(data[item * classes + classIndex]))
      onProgress?.(scores.length, channels.length)
    }
    return { map: weightedMap(maps, channels, softmax(scores)), logits, classIndex }
  }
  const explainer = explainerOf(
    async (images, request): Promise<Explanation> => {
      const { found, common } = await eachImage(images, request, classes, ofImage)
      const map = joined(found.map(each => each.map))
      return { map, heat: heatOf(map, extent), ...common }
    },
    async () => {
      await Promise.all([mapsOf.dispose(), masked.dispose()])
    }
  )
  return Object.assign(explainer, { layer })
}

interface Found extends FoundOfImage {
  readonly map: Tensor<'float32'>
}

/** From one image and some maps to the logits of the image masked by each. */
function maskedGraph(net: Module, shape: Shape, layer: Shape, enlarging: Enlarging): Graph {
  const [batch, ...rest] = shape
  const image = inputValue('image', [1, ...rest])
  const maps = inputValue('maps', [batch, 1, ...layer.slice(2)])
  const masks = relative(enlarge(maps, extentOf(shape), enlarging))
  const { logitsOf, nameOf } = forwardOf(net, shape)
  return collectGraph([image, maps], [{ name: 'logits', value: logitsOf(mul(image, masks)) }], nameOf)
}

/** Min–max normalises each map. */
function relative(maps: Value): Value {
  const most = amax(maps, [2, 3], { keepDim: true })
  const least = neg(amax(neg(maps), [2, 3], { keepDim: true }))
  return div(sub(maps, least), add(sub(most, least), LEAST_RANGE))
}

/** Bilinear interpolation as two matrix products. Shape: (N, C, h, w) → (N, C, H, W). */
function enlarge(maps: Value, { height, width }: Extent, enlarging: Enlarging): Value {
  const [rows, columns] = [2, 3].map(axis => staticDim('enlarge', maps.shape, axis))
  const down = constant(sharesOf(rows, height, enlarging))
  const across = constant(sharesOf(columns, width, enlarging))
  return matmul(matmul(down, maps), transpose(across, 0, 1))
}

/** Interpolation weights: row i for pixel i. Shape: (to, from). */
function sharesOf(from: number, to: number, enlarging: Enlarging): Tensor<'float32'> {
  const { before, after, share } = interpolation(from, to, enlarging)
  const shares = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    shares[i * from + before[i]] += 1 - share[i]
    shares[i * from + after[i]] += share[i]
  }
  return new Tensor(shares, [to, from], 'float32')
}

/** Selects channels as items. Shape: (1, C, h, w) → (channels, 1, h, w). */
function chosenMaps(
  { data, shape: [, , rows, columns] }: Tensor<'float32'>,
  channels: readonly number[]
): Tensor {
  const size = rows * columns
  const maps = new Float32Array(channels.length * size)
  for (const [to, from] of channels.entries())
    maps.set(data.subarray(from * size, (from + 1) * size), to * size)
  return new Tensor(maps, [channels.length, 1, rows, columns], 'float32')
}
