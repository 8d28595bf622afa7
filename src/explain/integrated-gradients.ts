// Integrated gradients: what each pixel contributes on the way from an empty image to this one. The contributions add up
// to what the class's score gains on that way.
import {
  aFunction,
  checkedLater,
  checkOptions,
  oneOf,
  positiveInteger,
  type Checks
} from '../base/options.js'
import { gradients } from '../autodiff/gradients.js'
import { add, mul, reshape, sub, sum } from '../ir/functional/index.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import { graphInput as inputValue } from '../ir/operand.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { formatShape, Tensor, zeros } from '../tensor/tensor.js'
import { BatchedProgram, forwardOf, itemsOf, joined } from './batched-program.js'
import { classRows, settledClasses } from './chosen-class.js'
import { ExplainError, explainFault } from './explain-error.js'
import { EXPLAIN_OPTIONS, type Explainer, type Explanation, type ExplainOptions } from './explanation.js'
import { heatOf } from './heat.js'
import { classCount, extentOf } from './layers.js'
import { eachImage, explainerOf, type FoundOfImage } from './per-image.js'
import { clippedAt, summedChannels } from './pixel-maps.js'

/** What integrated gradients leave open. */
export interface IntegratedGradientsOptions extends ExplainOptions {
  /** In how many steps the way is gone; default 50. More make the sum of the attributions more exact. */
  readonly steps?: number
  /** Where in each step the gradient is taken: its middle, which is more exact and the default, or its end, as in the paper. */
  readonly at?: 'middle' | 'end'
  /** The empty image, as the network would be given it. Shape: (C, H, W). By default zeros. */
  readonly baseline?: Tensor<'float32'>
  /** Called after each run with how many steps are done. */
  readonly onProgress?: (done: number, steps: number) => void
}

const OPTIONS: Checks<IntegratedGradientsOptions> = {
  ...EXPLAIN_OPTIONS,
  steps: positiveInteger,
  at: oneOf('middle', 'end'),
  baseline: checkedLater(),
  onProgress: aFunction()
}

/** What every pixel contributes. */
export interface IntegratedGradients extends Explanation {
  /** The attributions added up over the channels; negative where a pixel speaks against the class. Shape: (N, H, W). */
  readonly map: Tensor<'float32'>
  /** Of every number of the images. Shape: (N, C, H, W). */
  readonly attributions: Tensor<'float32'>
  /** Of each image, the sum of its attributions; with enough steps it is `gain`, which the paper calls completeness. */
  readonly total: readonly number[]
  /** Of each image, by how much its class's output before softmax exceeds that of the baseline. */
  readonly gain: readonly number[]
}

// A few pixels carry far more than the others; heat that is relative to them would be black.
const HOTTEST = 0.99

/**
 * Integrated gradients: `(x − x′) · ∫ ∂F(x′ + α (x − x′)) / ∂x dα`, F being the class's output before softmax.
 *
 * From Axiomatic Attribution for Deep Networks, Sundararajan et al. 2017, equations 1 and 3,
 * https://arxiv.org/abs/1703.01365. Heat is of what speaks for the class, relative to the pixel at its 99th percentile.
 * @throws ExplainError when there are no steps, or the baseline is not of the images' shape.
 * @example
 * const explain = await integratedGradients(cifar_resnet20(), { input: ['N', 3, 32, 32], steps: 20 })
 * const { total, gain } = await explain(rand([1, 3, 32, 32]))
 */
export async function integratedGradients(
  net: Module,
  options: IntegratedGradientsOptions
): Promise<Explainer<IntegratedGradients>> {
  checkOptions('integratedGradients', options, OPTIONS, explainFault)
  const { input, steps = 50, at = 'middle', onProgress } = options
  const extent = extentOf(input)
  const baseline = baselineOf(options.baseline, input)
  const classes = classCount(net, input)
  const program = await BatchedProgram.load(net, options, shape => pathGraph(net, shape))

  const ofImage = async (image: Tensor<'float32'>, asked: number): Promise<Found> => {
    // Both ends of the way, of which only the scores are wanted.
    const ends = { place: column([1, 0]), weight: column([0, 0]) }
    const nobody = { image, baseline, class: classRows([-1], classes) }
    const { logits } = await program.run(ends, nobody)
    const [classIndex] = settledClasses([asked], joined([itemsOf(logits, 0, 1)]))
    const places = Array.from({ length: steps }, (_, step) => (step + (at === 'middle' ? 0.5 : 1)) / steps)
    const items = { place: column(places), weight: column(places.map(() => 1 / steps)) }
    const attributions = new Float64Array(image.size)
    for await (const { start, count, outputs } of program.chunks(items, {
      ...nobody,
      class: classRows([classIndex], classes)
    })) {
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
  }
  return explainerOf(
    async (images, request): Promise<IntegratedGradients> => {
      const { found, common } = await eachImage(images, request, classes, ofImage)
      const attributions = joined(found.map(each => each.attributions))
      const map = summedChannels(attributions)
      return {
        map,
        attributions,
        heat: heatOf(clippedAt(map, HOTTEST), extent),
        ...common,
        total: found.map(({ total }) => total),
        gain: found.map(({ gain }) => gain)
      }
    },
    () => program.dispose()
  )
}

/** What is found of one image. */
interface Found extends FoundOfImage {
  readonly attributions: Tensor<'float32'>
  readonly total: number
  readonly gain: number
}

/** From places on the way between two images to the logits there, and to the slopes of one class's, added up by weight. */
function pathGraph(net: Module, shape: Shape): Graph {
  const [batch, ...sides] = shape
  const image = inputValue('image', [1, ...sides])
  const baseline = inputValue('baseline', [1, ...sides])
  const place = inputValue('place', [batch, 1])
  const weight = inputValue('weight', [batch, 1])
  const { logitsOf, nameOf, logits: shaped } = forwardOf(net, shape)
  const asked = inputValue('class', [1, ...shaped.shape.slice(1)])
  const point = add(baseline, mul(reshape(place, [batch, 1, 1, 1]), sub(image, baseline)))
  const logits = logitsOf(point)
  const [slopes] = gradients(mul(logits, mul(asked, weight)), [point])
  return collectGraph(
    [image, baseline, place, weight, asked],
    [
      { name: 'logits', value: logits },
      { name: 'slopes', value: sum(slopes, 0, { keepDim: true }) }
    ],
    nameOf
  )
}

function column(numbers: readonly number[]): Tensor<'float32'> {
  return new Tensor(Float32Array.from(numbers), [numbers.length, 1], 'float32')
}

function baselineOf(given: Tensor<'float32'> | undefined, input: Shape): Tensor<'float32'> {
  const sides = input.slice(1).map(Number)
  if (given === undefined) return zeros([1, ...sides])
  if (formatShape(given.shape) === formatShape(sides)) return given.reshape([1, ...sides])
  throw new ExplainError(
    `baseline: expected the images' shape ${formatShape(sides)}, got ${formatShape(given.shape)}`
  )
}
