// A comparison of twins as one self-contained page: charts to point at, and a slider over the time of training.
import style from '#text/gradient-flow/gradient-flow.css'
import type { JSX } from 'preact'
import { formatCount, formatLoss, formatShare, NO_FIGURE } from '../../base/figures.js'
import { anObject, aString, checkOptions, type OptionsOf } from '../../base/options.js'
import { TWIN_FORMS, type FlowComparison } from '../../explain/flow/compare-gradient-flow.js'
import {
  endAccuracy,
  endLoss,
  FORM_NAMES,
  formatRatio,
  median,
  ratiosAt,
  reachOf
} from '../../explain/flow/flow-figures.js'
import type { GradientFlow } from '../../explain/flow/gradient-flow.js'
import { readFlow } from '../../explain/flow/flow-reading.js'
import { ChartData, ChartFigures, chartScripts } from '../charts/chart-figures.js'
import { renderPage } from '../page.js'
import { Command, Facts, FigureTable, Reading, Section } from '../parts.js'
import { flowCharts } from './flow-charts.js'

const OPTIONS = {
  title: aString,
  /** The command that can be run again. */
  command: aString,
  settings: anObject<Readonly<Record<string, string>>>()
}

/** What a page shows beside the comparison. */
export interface FlowPageOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Writes the page.
 * @example
 * const residual = cifar_resnet8({ inChannels: 1 })
 * const plain = cifar_resnet8({ inChannels: 1, residual: false })
 * const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
 * const options = { train, steps: 2, optimizer: sgd({ lr: 0.1 }) }
 * const comparison = await compareGradientFlow([{ name: 'mine', plain, residual }], options)
 * const page = await gradientFlowPage(comparison, { title: 'Mine' })
 */
export async function gradientFlowPage(
  comparison: FlowComparison,
  options: FlowPageOptions = {}
): Promise<string> {
  checkOptions('gradientFlowPage', options, OPTIONS)
  const { title = 'How the gradient flows', command, settings = {} } = options
  const { summary, twins: read } = readFlow(comparison)
  const charts = comparison.twins.map(twins => flowCharts(twins, comparison.stepsPerEpoch))
  return renderPage(
    { title, style, scripts: chartScripts(charts.flat()) },
    <>
      <main>
        <h1>{title}</h1>
        <Reading paragraphs={summary} />
        <Command text={command} />
        <FlowTable twins={comparison.twins} />
        <p class="muted">
          Point at a chart to read its values; drag over it to zoom in, and double-click to zoom out. The
          sliders move together through the time of training. This is one run from one seed, and gradients are
          those of single batches, which vary.
        </p>
        {read.map(({ name, remarks }, i) => (
          <Section heading={name}>
            <Reading items={remarks} />
            <ChartFigures charts={charts[i]} />
          </Section>
        ))}
        <Facts heading="Settings" facts={settings} />
      </main>
      <ChartData charts={charts.flat()} />
    </>
  )
}

const HEADS = [
  'network',
  'parameters',
  'steps',
  'loss at the end',
  'held out',
  'gradient of the first layer / the last, median',
  'lowest',
  '‖F(x)‖ / ‖x‖ at the end, median'
]

/** The end of each training run in figures: a row a network. */
function FlowTable({ twins }: Pick<FlowComparison, 'twins'>): JSX.Element {
  const rows = twins.flatMap(each =>
    TWIN_FORMS.flatMap(form => {
      const flow = each[form]
      if (!flow) return []
      const head = (
        <>
          {each.name} <small>{FORM_NAMES[form]}</small>
        </>
      )
      return [{ head, cells: figuresOf(flow) }]
    })
  )
  return <FigureTable label="All networks" heads={HEADS} rows={rows} />
}

function figuresOf(flow: GradientFlow): string[] {
  const [loss, accuracy] = [endLoss(flow), endAccuracy(flow)]
  const reach = reachOf(flow).map(({ ratio }) => ratio)
  return [
    formatCount(flow.parameters),
    formatCount(flow.losses.length),
    loss === undefined ? NO_FIGURE : formatLoss(loss),
    formatShare(accuracy ?? NaN),
    formatRatio(median(reach)),
    formatRatio(Math.min(...reach)),
    formatRatio(median(ratiosAt(flow, -1)))
  ]
}
