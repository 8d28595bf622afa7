// Occlusion sensitivity: how the class's score drops as a patch covers part of the image. Needs no gradients.
import { aFunction, finiteNumber, listOf, oneOf, positiveInteger, type OptionsOf } from '../base/options.js'
import { add, mul, reshape, sub } from '../ir/functional/index.js'
import type { Graph } from '../ir/graph.js'
import { graphInput as inputValue } from '../ir/operand.js'
import { staticDim, type Shape } from '../ir/shape.js'
import type { ImageSize } from '../images/picture.js'
import { checkNetworkCall } from '../nn/module/check-network.js'
import type { Module } from '../nn/module/module.js'
import type { NamedTensors } from '../runtime/engine.js'
import { Tensor, zeros, type FloatTensor } from '../tensor/tensor.js'
import { BatchedProgram, forwardOf, graphOf, imageByImage } from './batched-program.js'
import { probabilities, settledClasses } from './chosen-class.js'
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

const OPTIONS = {
  ...EXPLAIN_OPTIONS,
  /** Side of the square patch in pixels; default a seventh of the image's shorter side. */
  patch: positiveInteger,
  /** Step between positions in pixels; default half the patch. */
  stride: positiveInteger,
  /** Fill value of each channel, as network input; default zeros, the mean colour for normalised images. */
  baseline: listOf(finiteNumber),
  /** The score: the class's probability, the default and the paper's, or its logit. */
  of: oneOf('probability', 'logit'),
  /** Called after each run with the number of positions done. */
  onProgress: aFunction<(done: number, places: number) => void>()
}

/** Options of `occlusion`. */
export interface OcclusionOptions extends OptionsOf<typeof OPTIONS> {}

/** Drops of the score under the patch. */
export interface OcclusionExplanation extends Explanation {
  /** The drop at each position of the patch. Shape: (N, rows, columns). */
  readonly map: FloatTensor
  /** Each pixel's mean drop over the patches that cover it, as in captum. Shape: (N, H, W). */
  readonly attributions: FloatTensor
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
  checkNetworkCall('occlusion', net, options, OPTIONS, explainFault)
  const { input, of = 'probability', onProgress } = options
  const extent = extentOf(input)
  const patch = options.patch ?? Math.max(1, Math.round(Math.min(extent.height, extent.width) / 7))
  const stride = options.stride ?? Math.max(1, Math.round(patch / 2))
  const patches = patchesOf(extent, { patch, stride })
  const channels = staticDim('occlusion', input, 1)
  const baseline = baselineOf(options.baseline, channels)
  const classes = classCount(net, input, options)
  const program = await BatchedProgram.load(net, options, shape => coveredGraph(net, shape, options))

  const explainer = imageByImage(
    classes,
    options,
    async (image, asked) => {
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
        const logitsOfClass = chosen.map((at, item) => answers.data[item * classes + at])
        scores.push(...(of === 'logit' ? logitsOfClass : probabilities(answers, chosen, options)))
        onProgress?.(scores.length - 1, patches.down.length * patches.across.length)
      }
      const [whole, ...covered] = scores
      const drops = Float32Array.from(covered, score => whole - score)
      const map = new Tensor(drops, [1, patches.down.length, patches.across.length], 'float32')
      return { logits, map, classIndex }
    },
    found => {
      const map = joined(found.map(each => each.map))
      const attributions = coveredMeans(map, patches, extent)
      return { map, attributions, heat: heatOf(attributions, extent) }
    },
    () => program.dispose()
  )
  return Object.assign(explainer, { patch, stride })
}

/** From one image and the rows and columns of each patch to the logits of the covered images. */
function coveredGraph(net: Module, shape: Shape, reading: Reading): Graph {
  const [batch, channels, height, width] = shape
  const image = inputValue('image', [1, channels, height, width])
  const baseline = inputValue('baseline', [1, channels, 1, 1])
  const rows = inputValue('rows', [batch, height])
  const columns = inputValue('columns', [batch, width])
  const covered = mul(reshape(rows, [batch, 1, height, 1]), reshape(columns, [batch, 1, 1, width]))
  const { logitsOf, nameOf } = forwardOf(net, shape, reading)
  const logits = logitsOf(add(image, mul(covered, sub(baseline, image))))
  return graphOf([image, baseline, rows, columns], { logits }, nameOf)
}

/** Row and column masks of every position, 1 where the patch is; the first item covers nothing. */
function itemsFor({ down, across }: Patches, { height, width }: ImageSize): NamedTensors {
  const nowhere = { start: 0, end: 0 }
  return {
    rows: masks([nowhere, ...down.flatMap(rows => across.map(() => rows))], height),
    columns: masks([nowhere, ...down.flatMap(() => across)], width)
  }
}

function masks(spans: readonly Span[], size: number): FloatTensor {
  const items = zeros([spans.length, size])
  for (const [item, { start, end }] of spans.entries()) itemAt(items, item).data.fill(1, start, end)
  return items
}

function baselineOf(colour: readonly number[] | undefined, channels: number): FloatTensor {
  const baseline = zeros([1, channels, 1, 1])
  if (colour === undefined) return baseline
  if (colour.length !== channels) {
    throw new ExplainError(
      `baseline: expected a number for each of the images' channels, ${channels}, got ${colour.length}`
    )
  }
  baseline.data.set(colour)
  return baseline
}

interface Span {
  readonly start: number
  readonly end: number
}

/** All positions of a patch: every pair of these rows and columns, row by row. */
interface Patches {
  readonly down: readonly Span[]
  readonly across: readonly Span[]
}

/**
 * The positions of a patch that cover the image; parts beyond the border are cut off.
 * @throws ExplainError when the patch is larger than the image, or the stride than the patch.
 */
export function patchesOf(
  { height, width }: ImageSize,
  { patch, stride }: Pick<OcclusionExplainer, 'patch' | 'stride'>
): Patches {
  if (patch > Math.min(height, width)) {
    throw new ExplainError(`patch: ${patch} pixels are more than the image's ${height} × ${width}`)
  }
  if (stride > patch) {
    throw new ExplainError(`stride: a step of ${stride} pixels leaves gaps between patches of ${patch}`)
  }
  const along = (size: number): Span[] =>
    Array.from({ length: Math.ceil((size - patch) / stride) + 1 }, (_, i) => ({
      start: i * stride,
      end: Math.min(i * stride + patch, size)
    }))
  return { down: along(height), across: along(width) }
}

/** Each pixel's mean over the positions that cover it. Shape: (N, rows, columns) → (N, H, W). */
export function coveredMeans(
  measured: FloatTensor,
  { down, across }: Patches,
  { height, width }: ImageSize
): FloatTensor {
  const means = zeros([measured.shape[0], height, width])
  let at = 0
  for (const { data: sums } of everyItem(means)) {
    const counts = new Uint32Array(sums.length)
    for (const rows of down) {
      for (const columns of across) {
        const value = measured.data[at++]
        for (let y = rows.start; y < rows.end; y++) {
          for (let x = columns.start; x < columns.end; x++) {
            sums[y * width + x] += value
            counts[y * width + x]++
          }
        }
      }
    }
    counts.forEach((count, pixel) => (sums[pixel] /= count))
  }
  return means
}
