// What the charts of a comparison of twins show.
import { TWIN_FORMS, type TwinFlows, type TwinForm } from '../../explain/flow/compare-gradient-flow.js'
import { FORM_NAMES, layerName, mainLayers } from '../../explain/flow/flow-figures.js'
import type { GradientFlow } from '../../explain/flow/gradient-flow.js'
import { chartOf, numbersTo, type Chart, type ChartLook } from '../charts/chart.js'

/** What draws each form; the plain one is dashed. */
const LOOKS: Readonly<Record<TwinForm, ChartLook>> = { plain: 'second', residual: 'first', zeroInit: 'third' }

/** The charts of twins; those that have nothing to show are left out. */
export function flowCharts(twins: TwinFlows, stepsPerEpoch: number): Chart[] {
  const flows = TWIN_FORMS.flatMap(form => {
    const flow = twins[form]
    return flow && flow.losses.length > 0 ? [{ form, flow }] : []
  })
  return [
    lossChart(flows),
    accuracyChart(flows),
    gradientChart(flows, stepsPerEpoch),
    ...flows.map(ratioChart)
  ].flatMap(chart => (chart ? [chart] : []))
}

interface FormFlow {
  readonly form: TwinForm
  readonly flow: GradientFlow
}

function lossChart(flows: readonly FormFlow[]): Chart | undefined {
  const x = numbersTo(Math.max(0, ...flows.map(({ flow }) => flow.losses.length)))
  return chartOf({
    title: 'Loss per batch',
    xLabel: 'step',
    x,
    scale: 'linear',
    lines: flows.map(({ form }) => ({ label: FORM_NAMES[form], look: LOOKS[form] })),
    frames: [{ caption: '', values: flows.map(({ flow }) => x.map((_, i) => flow.losses[i] ?? null)) }]
  })
}

/** Layers by their place from the first to the last: twins have the same, but for projections on shortcuts. */
function gradientChart(flows: readonly FormFlow[], stepsPerEpoch: number): Chart | undefined {
  const layers = flows.map(({ flow }) => mainLayers(flow))
  const longest = layers.reduce((most, each) => (each.length > most.length ? each : most), [])
  const times = [...new Set(flows.flatMap(({ flow }) => flow.samples.map(({ after }) => after)))].sort(
    (a, b) => a - b
  )
  return chartOf({
    title: 'Gradient norm by layer',
    note: 'of the loss with respect to each layer’s weights; zeros left out',
    xLabel: 'layer, first to last',
    x: numbersTo(longest.length),
    names: longest.map(layerName),
    scale: 'logarithmic',
    lines: flows.map(({ form }) => ({ label: FORM_NAMES[form], look: LOOKS[form], marked: true })),
    frames: times.map(time => ({
      caption: `step ${time + 1}, epoch ${(time / stepsPerEpoch + 1).toFixed(1)}`,
      values: flows.map(({ flow }, i) => {
        const sample = flow.samples.find(({ after }) => after === time)
        return longest.map((_, at) => sample?.gradients[layers[i][at]?.place] ?? null)
      })
    }))
  })
}

function ratioChart({ form, flow: { blocks, samples } }: FormFlow): Chart | undefined {
  const last = Math.max(1, blocks.length - 1)
  return chartOf({
    title: '‖F(x)‖ / ‖x‖ of each block',
    note: `${FORM_NAMES[form]}; on the same images at all times`,
    xLabel: 'steps made',
    x: samples.map(({ after }) => after),
    scale: 'linear',
    lines: blocks.map((block, i) => ({ label: block, look: i / last })),
    frames: [{ caption: '', values: blocks.map((_, i) => samples.map(sample => sample.blocks[i].ratio)) }]
  })
}

/** A single measurement is in the table. */
function accuracyChart(flows: readonly FormFlow[]): Chart | undefined {
  const x = [...new Set(flows.flatMap(({ flow }) => flow.heldOut.map(({ after }) => after)))].sort(
    (a, b) => a - b
  )
  if (x.length < 2) return undefined
  return chartOf({
    title: 'Accuracy on held-out images (%)',
    xLabel: 'steps made',
    x,
    scale: 'linear',
    lines: flows.map(({ form }) => ({ label: FORM_NAMES[form], look: LOOKS[form], marked: true })),
    frames: [
      {
        caption: '',
        values: flows.map(({ flow }) =>
          x.map(after => {
            const accuracy = flow.heldOut.find(each => each.after === after)?.accuracy ?? null
            return accuracy === null ? null : 100 * accuracy
          })
        )
      }
    ]
  })
}
