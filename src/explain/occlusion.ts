// Occlusion sensitivity: how the class's score drops as a patch covers part of the image. Needs no gradients.
import {
  aFunction,
  checkOptions,
  finiteNumber,
  listOf,
  oneOf,
  positiveInteger,
  type OptionsOf
} from '../base/options.js'
import { add, mul, reshape, sub } from '../ir/functional/index.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import { graphInput as inputValue } from '../ir/operand.js'
import { staticDim, type Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import type { NamedTensors } from '../runtime/engine.js'
import { Tensor, zeros } from '../tensor/tensor.js'
import { BatchedProgram, forwardOf, itemsOf, joined } from './batched-program.js'
import { probabilities, settledClasses } from './chosen-class.js'
import { ExplainError, explainFault } from './explain-error.js'
import { EXPLAIN_OPTIONS, type Explainer, type Explanation } from './explanation.js'
import { heatOf, type Extent } from './heat.js'
import { classCount, extentOf } from './layers.js'
import { eachImage, explainerOf, type FoundOfImage } from './per-image.js'
import { coveredMeans, patchesOf, type Patches, type Span } from './patches.js'

const OPTIONS = {
  ...EXPLAIN_OPTIONS,
  /** Side of the square patch in pixels; default a seventh of the image's shorter side. */
  patch: positiveInteger,
  /** Step between positions in pixels; default half the patch. */
  stride: positiveInteger,
  /** Fill value of each channel, as network input; default zeros, the mean colour for normalised images. */
  baseline: listOf(finiteNumber),
  /** The score: the class's softmax probability, the default and the paper's, or its logit. */
  of: oneOf('probability', 'logit'),
  /** Called after each run with the number of positions done. */
  onProgress: aFunction<(done: number, places: number) => void>()
}

/** Options of `occlusion`. */
export interface OcclusionOptions extends OptionsOf<typeof OPTIONS> {}

/** Drops of the score under the patch. */
export interface OcclusionExplanation extends Explanation {
  /** The drop at each position of the patch. Shape: (N, rows, columns). */
  readonly map: Tensor<'float32'>
  /** Each pixel's mean drop over the patches that cover it, as in captum. Shape: (N, H, W). */
  readonly attributions: Tensor<'float32'>
}

/** An occlusion explainer and its patch. */
export interface OcclusionExplainer extends Explainer<OcclusionExplanation> {
  /** Pixels. */
  readonly patch: number
  /** Pixels. */
  readonly stride: number
}

/**
 * Occlusion sensitivity.
 *
 * From Visualizing and Understanding Convolutional Networks, Zeiler & Fergus 2013, section 4.2,
 * https://arxiv.org/abs/1311.2901
 * @throws ExplainError when the patch or its stride is not a positive whole number, or the patch is larger than the image.
 * @example
 * const explain = await occlusion(cifar_resnet20(), { input: ['N', 3, 32, 32], patch: 8, stride: 4 })
 */
export async function occlusion(net: Module, options: OcclusionOptions): Promise<OcclusionExplainer> {
  checkOptions('occlusion', options, OPTIONS, explainFault)
  const { input, of = 'probability', onProgress } = options
  const extent = extentOf(input)
  const patch = options.patch ?? Math.max(1, Math.round(Math.min(extent.height, extent.width) / 7))
  const stride = options.stride ?? Math.max(1, Math.round(patch / 2))
  const patches = patchesOf(extent, { patch, stride })
  const channels = staticDim('occlusion', input, 1)
  const baseline = baselineOf(options.baseline, channels)
  const classes = classCount(net, input)
  const program = await BatchedProgram.load(net, options, shape => coveredGraph(net, shape))

  const ofImage = async (image: Tensor<'float32'>, asked: number): Promise<Found> => {
    const items = itemsFor(patches, extent)
    const scores: number[] = []
    let [logits, classIndex] = [zeros([1, classes]), asked]
    for await (const { start, count, outputs } of program.chunks(items, { image, baseline })) {
      const answers = joined([outputs.logits])
      if (start === 0) {
        logits = joined([itemsOf(answers, 0, 1)])
        ;[classIndex] = settledClasses([asked], logits)
      }
      const chosen = Array.from({ length: count }, () => classIndex)
      const found =
        of === 'probability'
          ? probabilities(answers, chosen)
          : chosen.map((at, item) => answers.data[item * classes + at])
      scores.push(...found)
      onProgress?.(scores.length - 1, patches.down.length * patches.across.length)
    }
    const [whole, ...covered] = scores
    const drops = Float32Array.from(covered, score => whole - score)
    return {
      logits,
      drops: new Tensor(drops, [1, patches.down.length, patches.across.length], 'float32'),
      classIndex
    }
  }
  const explainer = explainerOf(
    async (images, request): Promise<OcclusionExplanation> => {
      const { found, common } = await eachImage(images, request, classes, ofImage)
      const map = joined(found.map(({ drops }) => drops))
      const attributions = coveredMeans(map, patches, extent)
      return { map, attributions, heat: heatOf(attributions, extent), ...common }
    },
    () => program.dispose()
  )
  return Object.assign(explainer, { patch, stride })
}

interface Found extends FoundOfImage {
  readonly drops: Tensor<'float32'>
}

/** From one image and the rows and columns of each patch to the logits of the covered images. */
function coveredGraph(net: Module, shape: Shape): Graph {
  const [batch, channels, height, width] = shape
  const image = inputValue('image', [1, channels, height, width])
  const baseline = inputValue('baseline', [1, channels, 1, 1])
  const rows = inputValue('rows', [batch, height])
  const columns = inputValue('columns', [batch, width])
  const covered = mul(reshape(rows, [batch, 1, height, 1]), reshape(columns, [batch, 1, 1, width]))
  const { logitsOf, nameOf } = forwardOf(net, shape)
  const logits = logitsOf(add(image, mul(covered, sub(baseline, image))))
  return collectGraph([image, baseline, rows, columns], [{ name: 'logits', value: logits }], nameOf)
}

/** Row and column masks of every position, 1 where the patch is; the first item covers nothing. */
function itemsFor({ down, across }: Patches, { height, width }: Extent): NamedTensors {
  const places = [undefined, ...down.flatMap(rows => across.map(columns => ({ rows, columns })))]
  return {
    rows: spans(
      places.map(place => place?.rows),
      height
    ),
    columns: spans(
      places.map(place => place?.columns),
      width
    )
  }
}

function spans(places: readonly (Span | undefined)[], size: number): Tensor<'float32'> {
  const items = zeros([places.length, size])
  for (const [item, span] of places.entries()) {
    if (span) items.data.fill(1, item * size + span.start, item * size + span.end)
  }
  return items
}

function baselineOf(colour: readonly number[] | undefined, channels: number): Tensor<'float32'> {
  const baseline = zeros([1, channels, 1, 1])
  if (colour === undefined) return baseline
  if (colour.length !== channels) {
    throw new ExplainError(
      `baseline: the images have ${channels} channels, but ${colour.length} numbers are given`
    )
  }
  baseline.data.set(colour)
  return baseline
}
