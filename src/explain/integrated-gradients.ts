// Integrated gradients: each pixel's contribution along the path from a baseline to the image.
import { aFunction, instanceOf, oneOf, positiveInteger, type OptionsOf } from '../base/options.js'
import { gradients } from '../autodiff/gradients.js'
import { add, mul, reshape, sub, sum } from '../ir/functional/index.js'
import type { Graph } from '../ir/graph.js'
import { graphInput as inputValue } from '../ir/operand.js'
import type { Shape } from '../ir/shape.js'
import { checkNetworkCall } from '../nn/module/check-network.js'
import type { Module } from '../nn/module/module.js'
import { oneHot } from '../tensor/probabilities.js'
import { formatShape, Tensor, zeros, type FloatTensor } from '../tensor/tensor.js'
import { BatchedProgram, forwardOf, graphOf, imageByImage } from './batched-program.js'
import { settledClasses } from './chosen-class.js'
import {
  EXPLAIN_OPTIONS,
  ExplainError,
  explainFault,
  type Explainer,
  type Explanation,
  type Reading
} from './explanation.js'
import { heatOf } from './heat.js'
import { everyItem, itemAt, itemsOf, joined } from './items.js'
import { classCount, extentOf } from './layers.js'

const { floor, min } = Math

const OPTIONS = {
  ...EXPLAIN_OPTIONS,
  /** Steps along the path; default 50. More make the attributions sum more exactly to `gain`. */
  steps: positiveInteger,
  /** Where in each step the gradient is taken: the middle, more exact and the default, or the end, as in the paper. */
  at: oneOf('middle', 'end'),
  /** The start of the path, as network input. Shape: (C, H, W). Default zeros. */
  baseline: instanceOf<FloatTensor>(Tensor),
  /** Called after each run with the number of steps done. */
  onProgress: aFunction<(done: number, steps: number) => void>()
}

/** Options of `integratedGradients`. */
export interface IntegratedGradientsOptions extends OptionsOf<typeof OPTIONS> {}

/** Attributions of every pixel. */
export interface IntegratedGradients extends Explanation {
  /** Attributions summed over channels; negative where a pixel is evidence against the class. Shape: (N, H, W). */
  readonly map: FloatTensor
  /** Shape: (N, C, H, W). */
  readonly attributions: FloatTensor
  /** Per image, the sum of attributions; equals `gain` with enough steps, which the paper calls completeness. */
  readonly total: readonly number[]
  /** Per image, the class's logit minus that of the baseline. */
  readonly gain: readonly number[]
}

// A few pixels have far larger attributions than the rest; relative to the maximum, heat would be black.
const HOTTEST = 0.99

/**
 * Integrated gradients: `(x − x′) · ∫ ∂F(x′ + α (x − x′)) / ∂x dα`, where F is the class's logit.
 *
 * From Axiomatic Attribution for Deep Networks, Sundararajan et al. 2017, equations 1 and 3,
 * https://arxiv.org/abs/1703.01365. Heat shows positive attributions relative to their 99th percentile.
 * @throws ExplainError for fewer than one step, or a baseline of another shape.
 * @example
 * const explain = await integratedGradients(cifar_resnet20(), { input: ['N', 3, 32, 32], steps: 20 })
 * const { total, gain } = await explain(rand([1, 3, 32, 32]))
 */
export async function integratedGradients(
  net: Module,
  options: IntegratedGradientsOptions
): Promise<Explainer<IntegratedGradients>> {
  checkNetworkCall('integratedGradients', net, options, OPTIONS, explainFault)
  const { input, steps = 50, at = 'middle', onProgress } = options
  const extent = extentOf(input)
  const baseline = baselineOf(options.baseline, input)
  const classes = classCount(net, input, options)
  const program = await BatchedProgram.load(net, options, shape => pathGraph(net, shape, options))

  return imageByImage(
    classes,
    options,
    async (image, asked) => {
      // Both ends of the path, for their logits only.
      const ends = { place: column([1, 0]), weight: column([0, 0]) }
      const nobody = { image, baseline, class: oneHot([-1], classes) }
      const { logits } = await program.run(ends, nobody)
      const [classIndex] = settledClasses([asked], joined([itemsOf(logits, 0, 1)]))
      const places = Array.from({ length: steps }, (_, step) => (step + (at === 'middle' ? 0.5 : 1)) / steps)
      const items = { place: column(places), weight: column(places.map(() => 1 / steps)) }
      const attributions = new Float64Array(image.size)
      const chosen = { ...nobody, class: oneHot([classIndex], classes) }
      for await (const { start, count, outputs } of program.chunks(items, chosen)) {
        const slopes = joined([outputs.slopes]).data
        for (let i = 0; i < attributions.length; i++) attributions[i] += slopes[i]
        onProgress?.(start + count, steps)
      }
      for (let i = 0; i < attributions.length; i++) attributions[i] *= image.data[i] - baseline.data[i]
      return {
        attributions: new Tensor(Float32Array.from(attributions), image.shape, 'float32'),
        total: attributions.reduce((total, each) => total + each, 0),
        gain: logits.data[classIndex] - logits.data[classes + classIndex],
        logits: joined([itemsOf(logits, 0, 1)]),
        classIndex
      }
    },
    found => {
      const attributions = joined(found.map(each => each.attributions))
      const map = summedChannels(attributions)
      return {
        map,
        attributions,
        heat: heatOf(clippedAt(map, HOTTEST), extent),
        total: found.map(({ total }) => total),
        gain: found.map(({ gain }) => gain)
      }
    },
    () => program.dispose()
  )
}

/** From positions on the path to the logits there, and to the weighted sum of one class's gradients. */
function pathGraph(net: Module, shape: Shape, reading: Reading): Graph {
  const [batch, ...sides] = shape
  const image = inputValue('image', [1, ...sides])
  const baseline = inputValue('baseline', [1, ...sides])
  const place = inputValue('place', [batch, 1])
  const weight = inputValue('weight', [batch, 1])
  const { logitsOf, nameOf, logits: shaped } = forwardOf(net, shape, reading)
  const asked = inputValue('class', [1, ...shaped.shape.slice(1)])
  const point = add(baseline, mul(reshape(place, [batch, 1, 1, 1]), sub(image, baseline)))
  const logits = logitsOf(point)
  const [slopes] = gradients(mul(logits, mul(asked, weight)), [point])
  const outputs = { logits, slopes: sum(slopes, 0, { keepDim: true }) }
  return graphOf([image, baseline, place, weight, asked], outputs, nameOf)
}

function column(numbers: readonly number[]): FloatTensor {
  return new Tensor(Float32Array.from(numbers), [numbers.length, 1], 'float32')
}

function baselineOf(given: FloatTensor | undefined, input: Shape): FloatTensor {
  const sides = input.slice(1).map(Number)
  if (given === undefined) return zeros([1, ...sides])
  if (formatShape(given.shape) === formatShape(sides)) return given.reshape([1, ...sides])
  throw new ExplainError(
    `baseline: expected the images' shape ${formatShape(sides)}, got ${formatShape(given.shape)}`
  )
}

/** Sums over channels. Shape: (N, C, H, W) → (N, H, W). */
export function summedChannels(maps: FloatTensor): FloatTensor {
  const [count, , height, width] = maps.shape
  const sums = zeros([count, height, width])
  for (const [item, image] of everyItem(maps).entries()) {
    const total = itemAt(sums, item).data
    for (const { data } of everyItem(image)) data.forEach((each, pixel) => (total[pixel] += each))
  }
  return sums
}

/** Clips each map at a quantile of its positive pixels. Shape: (N, H, W). */
export function clippedAt(maps: FloatTensor, quantile: number): FloatTensor {
  const clipped = new Tensor(maps.data.slice(), maps.shape, 'float32')
  for (const { data } of everyItem(clipped)) {
    const positive = data.filter(each => each > 0).sort()
    if (positive.length === 0) continue
    const most = positive[min(positive.length - 1, floor(quantile * positive.length))]
    data.set(data.map(each => min(each, most)))
  }
  return clipped
}
