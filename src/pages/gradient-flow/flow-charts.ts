// What the charts of a comparison of twins show.
import { TWIN_FORMS, type TwinFlows, type TwinForm } from '../../explain/flow/compare-gradient-flow.js'
import { FORM_NAMES, layerName, mainLayers } from '../../explain/flow/flow-figures.js'
import type { GradientFlow } from '../../explain/flow/gradient-flow.js'
import { chartOf, numbersTo, type Chart, type ChartLine, type ChartPlan } from '../charts/chart.js'

/** What draws each form; the plain one is dashed. */
const LOOKS: Readonly<Record<TwinForm, ChartLine['look']>> = {
  plain: 'second',
  residual: 'first',
  zeroInit: 'third'
}

/** The charts of twins; those that have nothing to show are left out. */
export function flowCharts(twins: TwinFlows, stepsPerEpoch: number): Chart[] {
  const flows = TWIN_FORMS.flatMap(form => {
    const flow = twins[form]
    return flow && flow.losses.length > 0 ? [{ label: FORM_NAMES[form], look: LOOKS[form], flow }] : []
  })
  return [
    lossChart(flows),
    ...accuracyChart(flows),
    gradientChart(flows, stepsPerEpoch),
    ...flows.map(ratioChart)
  ].flatMap(plan => chartOf(plan) ?? [])
}

interface FormFlow extends ChartLine {
  readonly flow: GradientFlow
}

/** All places of samples or measurements in time, in order. */
function timesOf(flows: readonly FormFlow[], of: 'samples' | 'heldOut'): number[] {
  return [...new Set(flows.flatMap(({ flow }) => flow[of].map(({ after }) => after)))].sort((a, b) => a - b)
}

function lossChart(flows: readonly FormFlow[]): ChartPlan {
  const x = numbersTo(Math.max(0, ...flows.map(({ flow }) => flow.losses.length)))
  return {
    title: 'Loss per batch',
    xLabel: 'step',
    x,
    scale: 'linear',
    lines: flows.map(({ flow, ...line }) => ({ ...line, values: [x.map((_, i) => flow.losses[i] ?? null)] }))
  }
}

/** Layers by their place from the first to the last: twins have the same, but for projections on shortcuts. */
function gradientChart(flows: readonly FormFlow[], stepsPerEpoch: number): ChartPlan {
  const layers = flows.map(({ flow }) => mainLayers(flow))
  const longest = layers.reduce((most, each) => (each.length > most.length ? each : most), [])
  const times = timesOf(flows, 'samples')
  return {
    title: 'Gradient norm by layer',
    note: 'of the loss with respect to each layer’s weights; zeros left out',
    xLabel: 'layer, first to last',
    x: numbersTo(longest.length),
    names: longest.map(layerName),
    scale: 'logarithmic',
    times: times.map(time => `step ${time + 1}, epoch ${(time / stepsPerEpoch + 1).toFixed(1)}`),
    lines: flows.map(({ flow, ...line }, i) => ({
      ...line,
      marked: true,
      values: times.map(time => {
        const sample = flow.samples.find(({ after }) => after === time)
        return longest.map((_, at) => sample?.gradients[layers[i][at]?.place] ?? null)
      })
    }))
  }
}

function ratioChart({ label: form, flow: { blocks, samples } }: FormFlow): ChartPlan {
  const last = Math.max(1, blocks.length - 1)
  return {
    title: '‖F(x)‖ / ‖x‖ of each block',
    note: `${form}; on the same images at all times`,
    xLabel: 'steps made',
    x: samples.map(({ after }) => after),
    scale: 'linear',
    lines: blocks.map((label, i) => ({
      label,
      look: i / last,
      values: [samples.map(sample => sample.blocks[i].ratio)]
    }))
  }
}

/** A single measurement is in the table. */
function accuracyChart(flows: readonly FormFlow[]): ChartPlan[] {
  const x = timesOf(flows, 'heldOut')
  if (x.length < 2) return []
  const lines = flows.map(({ flow, ...line }) => {
    const accuracies = x.map(time => flow.heldOut.find(({ after }) => after === time)?.accuracy ?? null)
    const values = [accuracies.map(share => (share === null ? null : 100 * share))]
    return { ...line, marked: true, values }
  })
  return [{ title: 'Accuracy on held-out images (%)', xLabel: 'steps made', x, scale: 'linear', lines }]
}
