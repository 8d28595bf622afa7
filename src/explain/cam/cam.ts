// Class activation maps: activations and gradients of one layer as one program for all images and classes.
import { aBoolean, numberFrom } from '../../base/options.js'
import { gradients } from '../../autodiff/gradients.js'
import * as F from '../../ir/functional/index.js'
import type { Graph } from '../../ir/graph.js'
import { constant, graphInput as inputValue } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { staticDim, type Shape } from '../../ir/shape.js'
import { checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { INPUT_NAME } from '../../nn/trace/trace.js'
import { oneHot } from '../../tensor/probabilities.js'
import { RandomGenerator } from '../../tensor/random/generator.js'
import { Tensor } from '../../tensor/tensor.js'
import { BatchedProgram, explainerOf, forwardOf, graphOf } from '../batched-program.js'
import { askedClasses, chosenOf, hasTies, probabilities, settledClasses } from '../chosen-class.js'
import {
  LAYER_OPTIONS,
  type Explanation,
  type LayerExplainer,
  type LayerOptions,
  type Reading
} from '../explanation.js'
import { heatOf } from '../heat.js'
import { assertSpatial, classCount, extentOf, lastSpatialLayer } from '../layers.js'

/** From activations, and gradients if needed, to a map. */
type Rule = (activations: Value, slopes: () => Value) => Value

/**
 * Grad-CAM: each channel of a layer is weighted by its mean gradient of the class's score.
 *
 * From Grad-CAM, Selvaraju et al. 2016, https://arxiv.org/abs/1610.02391. The score is the class's logit.
 * @throws OutputError when the layer is not a module of the network, ExplainError when it has no feature map.
 * @example
 * const explain = await gradCam(resnet18(), { input: ['N', 3, 224, 224], layer: 'layer4' })
 * const { map, heat, classIndex } = await explain(rand([2, 3, 224, 224]))
 * map.shape // [2, 7, 7]
 */
export async function gradCam(net: Module, options: LayerOptions): Promise<LayerExplainer> {
  checkNetworkCall('gradCam', net, options, LAYER_OPTIONS)
  return camOf(net, options, (activations, slopes) => gradCamRule(activations, slopes()))
}

/** Options of `gradCamPlusPlus`. */
export interface GradCamPlusPlusOptions extends LayerOptions {
  /** Added to the divisor of the weights; default 0, as in the paper (pytorch-grad-cam: 1e-6). */
  readonly eps?: number
}

/**
 * Grad-CAM++: weights each position of a channel, so that several objects of a class all show.
 *
 * From Grad-CAM++, Chattopadhyay et al. 2017, https://arxiv.org/abs/1710.11063
 * @throws OutputError when the layer is not a module of the network, ExplainError when it has no feature map.
 */
export async function gradCamPlusPlus(net: Module, options: GradCamPlusPlusOptions): Promise<LayerExplainer> {
  const { eps = 0 } = checkNetworkCall('gradCamPlusPlus', net, options, {
    ...LAYER_OPTIONS,
    eps: numberFrom(0)
  })
  return camOf(net, options, (activations, slopes) => gradCamPlusPlusRule(activations, slopes(), eps))
}

/** Options of Eigen-CAM. */
export interface EigenCamRule {
  /** Subtract each channel's mean first, as a principal component analysis does; default false, as in the paper. */
  readonly centered?: boolean
}

/**
 * Eigen-CAM: a layer's activations along their first principal direction. The map does not depend on the class; the
 * explanation's class is the predicted one.
 *
 * From Eigen-CAM, Muhammad & Yeasin 2020, https://arxiv.org/abs/2008.00299
 * @throws OutputError when the layer is not a module of the network, ExplainError when it has no feature map.
 */
export async function eigenCam(net: Module, options: LayerOptions & EigenCamRule): Promise<LayerExplainer> {
  const { centered = false } = checkNetworkCall('eigenCam', net, options, {
    ...LAYER_OPTIONS,
    centered: aBoolean
  })
  return camOf(net, options, activations => eigenCamRule(activations, { centered }))
}

async function camOf(net: Module, options: LayerOptions, rule: Rule): Promise<LayerExplainer> {
  const { input } = options
  const layer = options.layer ?? lastSpatialLayer(net, input)
  const extent = extentOf(input)
  const classes = classCount(net, input, options)
  const program = await BatchedProgram.load(net, options, shape =>
    camGraph(net, shape, { ...options, layer }, rule)
  )
  const explainer = explainerOf(
    async (images, request): Promise<Explanation> => {
      const run = (rows: readonly number[]) =>
        program.run({ [INPUT_NAME]: images, class: oneHot(rows, classes) })
      const asked = askedClasses(request, images.shape[0], classes)
      const first = await run(asked)
      const classIndex = settledClasses(asked, first.logits)
      // The graph chooses all tied classes; run again with the first.
      const { logits, map } = hasTies(asked, first.logits) ? await run(classIndex) : first
      const heat = heatOf(map, extent)
      return { map, heat, classIndex, score: probabilities(logits, classIndex, options), logits }
    },
    () => program.dispose()
  )
  return Object.assign(explainer, { layer })
}

function camGraph(
  net: Module,
  shape: Shape,
  { layer, ...reading }: Reading & { readonly layer: string },
  rule: Rule
): Graph {
  const { x, logits, layers, nameOf } = forwardOf(net, shape, reading, [layer])
  const [activations] = layers
  assertSpatial(net, shape, { name: layer, shape: activations.shape })
  const asked = inputValue('class', logits.shape)
  const slopes = (): Value => gradients(F.mul(logits, chosenOf(logits, asked)), [activations])[0]
  const map = rule(activations, slopes)
  return graphOf([x, asked], { logits, map }, nameOf)
}

// The formulas, of a layer's activations A and the gradients G = ∂y/∂A of the class's score.
// Shapes: A and G (N, C, h, w) → (N, h, w).

/**
 * `relu(Σₖ wₖ Aₖ)` with `wₖ` the mean of Gₖ over the image.
 *
 * From Grad-CAM, Selvaraju et al. 2016, equations 1 and 2, https://arxiv.org/abs/1610.02391
 */
export function gradCamRule(activations: Value, slopes: Value): Value {
  return weighted(activations, F.mean(slopes, [2, 3], { keepDim: true }))
}

/**
 * `relu(Σₖ wₖ Aₖ)` with `wₖ = Σ α · relu(G)` and `α = G² / (2 G² + ΣA · G³ + eps)`.
 *
 * From Grad-CAM++, Chattopadhyay et al. 2017, equations 7 and 19, https://arxiv.org/abs/1710.11063. The factor of the
 * paper's exponential score is constant over the map and left out, as it could overflow. With `eps` 0, as in the paper, G²
 * cancels, so the gradients' magnitude does not matter.
 */
export function gradCamPlusPlusRule(activations: Value, slopes: Value, eps: number): Value {
  const total = F.sum(activations, [2, 3], { keepDim: true })
  const plain = F.add(F.mul(total, slopes), 2)
  const divisor = eps === 0 ? plain : F.add(plain, F.div(eps, F.mul(slopes, slopes)))
  // The weight is 0 where the divisor is 0.
  const isThere = F.heaviside(F.abs(divisor))
  const shares = F.div(F.mul(F.relu(slopes), isThere), F.add(divisor, F.sub(1, isThere)))
  return weighted(activations, F.sum(shares, [2, 3], { keepDim: true }))
}

/** The weighted sum of the maps, negatives clipped. */
function weighted(activations: Value, weights: Value): Value {
  return F.relu(F.sum(F.mul(weights, activations), 1))
}

// The k-th squaring yields the 2ᵏ-th power: an eigenvalue smaller by a thousandth has vanished after these.
const SQUARINGS = 13
const TINY = 1e-30

/**
 * `A · v₁` with A the maps as a matrix of places × channels and v₁ its first right singular vector.
 *
 * From Eigen-CAM, Muhammad & Yeasin 2020, section III, https://arxiv.org/abs/2008.00299. The arbitrary sign is chosen to
 * agree with the sum of the maps. Shape: (N, C, h, w) → (N, h, w).
 */
export function eigenCamRule(activations: Value, { centered = false }: EigenCamRule = {}): Value {
  const [batch, , height, width] = activations.shape
  const [channels, rows, columns] = [1, 2, 3].map(axis => staticDim('eigenCam', activations.shape, axis))
  const places = rows * columns
  const planes = F.reshape(activations, [batch, channels, places])
  const means = F.mean(planes, 2, { keepDim: true })
  const byChannel = centered ? F.sub(planes, means) : planes
  const byPlace = F.transpose(byChannel, 1, 2)
  // AAᵀ and AᵀA have the same largest eigenvalue; use the smaller. From u₁ of AAᵀ, v₁ is Aᵀ u₁ normalised.
  const direction =
    channels <= places
      ? firstEigenvector(F.matmul(byChannel, byPlace), channels)
      : unit(F.matmul(byChannel, firstEigenvector(F.matmul(byPlace, byChannel), places)))
  const projection = F.matmul(byPlace, direction)
  const total = F.sum(planes, 1)
  const map = F.squeeze(projection, 2)
  const agrees = F.heaviside(F.sum(F.mul(map, total), 1, { keepDim: true }))
  return F.reshape(F.mul(map, F.sub(F.mul(agrees, 2), 1)), [batch, height, width])
}

/** The first eigenvector of positive semi-definite matrices. Shape: (N, d, d) → (N, d, 1). */
function firstEigenvector(matrix: Value, size: number): Value {
  let power = scaled(matrix)
  for (let i = 0; i < SQUARINGS; i++) power = scaled(F.matmul(power, power))
  // A random start is almost surely not orthogonal to it.
  const start = new RandomGenerator(0).uniform(size, -1, 1)
  return unit(F.matmul(power, constant(new Tensor(start, [size, 1], 'float32'))))
}

/** Scales matrices or vectors to a largest magnitude of 1, so that their powers neither vanish nor overflow. */
function scaled(matrix: Value): Value {
  return F.div(matrix, F.maximum(F.amax(F.abs(matrix), [1, 2], { keepDim: true }), TINY))
}

/** Normalises vectors. Shape: (N, d, 1). */
function unit(vectors: Value): Value {
  const longest = scaled(vectors)
  const length = F.sqrt(F.sum(F.mul(longest, longest), [1, 2], { keepDim: true }))
  return F.div(longest, F.maximum(length, TINY))
}
