// What the charts of a page show, as plain data: the page's script draws it and knows nothing of networks.
import type { TwinFlows, TwinForm } from '../flow/compare-gradient-flow.js'
import { TWIN_FORMS } from '../flow/compare-gradient-flow.js'
import { FORM_NAMES, layerName, mainLayers } from '../flow/flow-figures.js'
import type { GradientFlow } from '../flow/gradient-flow.js'

/** A line, by what colours it: one of the page's colours, or a place on the way from the first block (0) to the last (1). */
export interface ChartLine {
  readonly label: string
  readonly look: TwinForm | number
  /** Whether its points are marked. */
  readonly marked?: boolean
}

/** Where lines stand at one time. */
export interface ChartFrame {
  /** Says which time. */
  readonly caption: string
  /** Of each line, a value for each x; null leaves a gap. */
  readonly values: readonly (readonly (number | null)[])[]
}

/** A chart; with more than one frame it has a slider. */
export interface FlowChart {
  readonly title: string
  readonly note?: string
  readonly xLabel: string
  readonly x: readonly number[]
  /** What stands at each x, where that is more than a number. */
  readonly names?: readonly string[]
  readonly logarithmic: boolean
  /** From the lowest to the highest value of all frames. */
  readonly range: readonly [low: number, high: number]
  readonly lines: readonly ChartLine[]
  readonly frames: readonly ChartFrame[]
}

/** The charts of twins; those that have nothing to show are left out. */
export function flowCharts(twins: TwinFlows, stepsPerEpoch: number): FlowChart[] {
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

function lossChart(flows: readonly FormFlow[]): FlowChart | undefined {
  const x = numbersTo(Math.max(0, ...flows.map(({ flow }) => flow.losses.length)))
  return chartOf({
    title: 'Loss of each batch',
    xLabel: 'step',
    x,
    logarithmic: false,
    lines: flows.map(({ form }) => ({ label: FORM_NAMES[form], look: form })),
    frames: [{ caption: '', values: flows.map(({ flow }) => x.map((_, i) => flow.losses[i] ?? null)) }]
  })
}

/** Layers by their place from the first to the last: twins have the same, but for projections on shortcuts. */
function gradientChart(flows: readonly FormFlow[], stepsPerEpoch: number): FlowChart | undefined {
  const layers = flows.map(({ flow }) => mainLayers(flow))
  const longest = layers.reduce((most, each) => (each.length > most.length ? each : most), [])
  const times = [...new Set(flows.flatMap(({ flow }) => flow.samples.map(({ after }) => after)))].sort(
    (a, b) => a - b
  )
  return chartOf({
    title: 'Length of the gradient, layer by layer',
    note: 'of the loss by each layer’s weight; logarithmic axis, zero left out',
    xLabel: 'layer, from the first to the last',
    x: numbersTo(longest.length),
    names: longest.map(layerName),
    logarithmic: true,
    lines: flows.map(({ form }) => ({ label: FORM_NAMES[form], look: form, marked: true })),
    frames: times.map(time => ({
      caption: `step ${time + 1}, epoch ${(time / stepsPerEpoch + 1).toFixed(1)}`,
      values: flows.map(({ flow }, i) => {
        const sample = flow.samples.find(({ after }) => after === time)
        return longest.map((_, at) => {
          const gradient = sample?.gradients[layers[i][at]?.place]
          return gradient === undefined || gradient === 0 ? null : gradient
        })
      })
    }))
  })
}

function ratioChart({ form, flow: { blocks, samples } }: FormFlow): FlowChart | undefined {
  const last = Math.max(1, blocks.length - 1)
  return chartOf({
    title: '‖F(x)‖ / ‖x‖ of each block',
    note: `${FORM_NAMES[form]}; on the same images at all times`,
    xLabel: 'steps made',
    x: samples.map(({ after }) => after),
    logarithmic: false,
    lines: blocks.map((block, i) => ({ label: block, look: i / last })),
    frames: [{ caption: '', values: blocks.map((_, i) => samples.map(sample => sample.blocks[i].ratio)) }]
  })
}

/** A single measurement is in the table. */
function accuracyChart(flows: readonly FormFlow[]): FlowChart | undefined {
  const x = [...new Set(flows.flatMap(({ flow }) => flow.heldOut.map(({ after }) => after)))].sort(
    (a, b) => a - b
  )
  if (x.length < 2) return undefined
  return chartOf({
    title: 'Accuracy on held-out images (%)',
    xLabel: 'steps made',
    x,
    logarithmic: false,
    lines: flows.map(({ form }) => ({ label: FORM_NAMES[form], look: form, marked: true })),
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

/** With its range, and figures of as many digits as an eye can tell apart; nothing where there is no value to draw. */
function chartOf(chart: Omit<FlowChart, 'range'>): FlowChart | undefined {
  let [low, high] = [Infinity, -Infinity]
  const frames = chart.frames.map(({ caption, values }) => ({
    caption,
    values: values.map(line =>
      line.map(value => {
        if (value === null || !Number.isFinite(value)) return null
        low = Math.min(low, value)
        high = Math.max(high, value)
        return Number(value.toPrecision(4))
      })
    )
  }))
  return low <= high ? { ...chart, frames, range: [low, high] } : undefined
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}
