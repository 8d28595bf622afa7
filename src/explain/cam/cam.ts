// Class activation maps: activations and gradients of one layer as one program for all images and classes.
import { aBoolean, numberFrom } from '../../base/options.js'
import { gradients } from '../../autodiff/gradients.js'
import * as F from '../../ir/functional/index.js'
import { collectGraph, type Graph } from '../../ir/graph.js'
import { graphInput as inputValue } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { checkNetworkCall } from '../../nn/check-network.js'
import type { Module } from '../../nn/module.js'
import { INPUT_NAME } from '../../nn/trace.js'
import { oneHot } from '../../tensor/probabilities.js'
import { BatchedProgram, explainerOf, forwardOf } from '../batched-program.js'
import {
  askedClasses,
  CLASS_INPUT,
  chosenOf,
  hasTies,
  probabilities,
  settledClasses
} from '../chosen-class.js'
import { eigenCamRule, type EigenCamRule } from './eigen-cam.js'
import { LAYER_OPTIONS, type Explanation, type LayerExplainer, type LayerOptions } from '../explanation.js'
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
  const classes = classCount(net, input)
  const program = await BatchedProgram.load(net, options, shape => camGraph(net, shape, layer, rule))
  const explainer = explainerOf(
    async (images, request): Promise<Explanation> => {
      const run = (rows: readonly number[]) =>
        program.run({ [INPUT_NAME]: images, [CLASS_INPUT]: oneHot(rows, classes) })
      const asked = askedClasses(request, images.shape[0], classes)
      const first = await run(asked)
      const classIndex = settledClasses(asked, first.logits)
      // The graph chooses all tied classes; run again with the first.
      const { logits, map } = hasTies(asked, first.logits) ? await run(classIndex) : first
      return {
        map,
        heat: heatOf(map, extent),
        classIndex,
        score: probabilities(logits, classIndex),
        logits
      }
    },
    () => program.dispose()
  )
  return Object.assign(explainer, { layer })
}

function camGraph(net: Module, shape: Shape, layer: string, rule: Rule): Graph {
  const { x, logits, layers, nameOf } = forwardOf(net, shape, [layer])
  const [activations] = layers
  assertSpatial(net, shape, { path: layer, shape: activations.shape })
  const asked = inputValue(CLASS_INPUT, logits.shape)
  const slopes = (): Value => gradients(F.mul(logits, chosenOf(logits, asked)), [activations])[0]
  const map = rule(activations, slopes)
  return collectGraph(
    [x, asked],
    [
      { name: 'logits', value: logits },
      { name: 'map', value: map }
    ],
    nameOf
  )
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
