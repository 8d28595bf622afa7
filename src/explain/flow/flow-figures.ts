// Statistics of recorded runs, shared by a page's text, table and charts.
import { NO_FIGURE } from '../../base/figures.js'
import type { TwinFlows, TwinForm } from './compare-gradient-flow.js'
import type { FlowLayer } from './flow-graph.js'
import type { GradientFlow } from './gradient-flow.js'

/** The final loss is the mean over this share of the steps. */
const END_SHARE = 0.1

export const FORM_NAMES: Readonly<Record<TwinForm, string>> = {
  plain: 'plain',
  residual: 'residual',
  zeroInit: 'residual, F(x) = 0 at the start'
}

/** The layers off the shortcuts, with their indices among all. */
export function mainLayers({ layers }: GradientFlow): (FlowLayer & { readonly place: number })[] {
  return layers.flatMap((layer, place) => (layer.onShortcut ? [] : [{ ...layer, place }]))
}

/** A layer's module: `layer1.0.conv1`. */
export function layerName({ parameter }: FlowLayer): string {
  return parameter.replace(/\.weight$/, '')
}

/**
 * The first layer's gradient norm over the last one's, for all samples whose last layer has a non-zero gradient; `after`
 * as many steps.
 */
export function reachOf(flow: GradientFlow): { readonly after: number; readonly ratio: number }[] {
  const main = mainLayers(flow)
  const [first, last] = [main.at(0)?.place ?? 0, main.at(-1)?.place ?? 0]
  return flow.samples.flatMap(({ after, gradients }) =>
    gradients[last] > 0 ? [{ after, ratio: gradients[first] / gradients[last] }] : []
  )
}

/** The mean loss of the last tenth of the steps; undefined without steps. */
export function endLoss({ losses }: GradientFlow): number | undefined {
  const last = losses.slice(-Math.max(1, Math.round(losses.length * END_SHARE)))
  return last.length === 0 ? undefined : last.reduce((sum, loss) => sum + loss, 0) / last.length
}

/** The last accuracy on held-out images, if there is one. */
export function endAccuracy({ heldOut }: GradientFlow): number | undefined {
  return heldOut.at(-1)?.accuracy ?? undefined
}

/** ‖F(x)‖ / ‖x‖ of every block at a sample, without null ratios. */
export function ratiosAt({ samples }: GradientFlow, sample: number): number[] {
  return (samples.at(sample)?.blocks ?? []).flatMap(({ ratio }) => (ratio === null ? [] : [ratio]))
}

/** The median; NaN if empty. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
}

/** Two significant digits: `3.1`, `0.42`, `1/17`, `1/71,000,000`. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return NO_FIGURE
  if (ratio === 0) return '0'
  const size = ratio < 0.1 ? 1 / ratio : ratio
  const digits = size < 10 ? size.toPrecision(2) : Number(size.toPrecision(2)).toLocaleString('en-GB')
  return ratio < 0.1 ? `1/${digits}` : digits
}

/** Layers on the longest path through a network. */
export function depthOf({ residual }: TwinFlows): number {
  return residual.layers.reduce((deepest, { depth }) => Math.max(deepest, depth), 0)
}
