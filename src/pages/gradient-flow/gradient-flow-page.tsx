// A comparison of twins as one self-contained page: charts to point at, and a slider over the time of training.
import style from '#text/gradient-flow/gradient-flow.css'
import { anObject, aString, checkOptions, type Checks } from '../../base/options.js'
import type { FlowComparison } from '../../explain/flow/compare-gradient-flow.js'
import { readFlow } from '../../explain/flow/flow-reading.js'
import { ChartData, ChartFigures, chartScripts } from '../charts/chart-figures.js'
import { renderPage } from '../page.js'
import { Command, Facts, Reading, Section } from '../parts.js'
import { flowCharts } from './flow-charts.js'
import { FlowTable } from './flow-table.js'

/** What a page shows beside the comparison. */
export interface FlowPageOptions {
  readonly title?: string
  /** The command that can be run again. */
  readonly command?: string
  readonly settings?: Readonly<Record<string, string>>
}

const OPTIONS: Checks<FlowPageOptions> = { title: aString, command: aString, settings: anObject() }

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
