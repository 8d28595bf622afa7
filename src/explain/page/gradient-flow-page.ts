// A comparison of twins as one page that opens from a disk: charts to point at and a slider over the time of training.
// Nothing is fetched, and a policy forbids it: uPlot, the data and the styles are inside.
import { anObject, aString, checkOptions, type Checks } from '../../base/options.js'
import { escapeHtml, escapeProse } from '../../report/escape-html.js'
import { htmlPage } from '../../report/html-page.js'
import { REPORT_STYLE } from '../../report/report-style.js'
import type { FlowComparison } from '../flow/compare-gradient-flow.js'
import { readFlow } from '../flow/flow-reading.js'
import { CHART_SCRIPT, MOST_IN_LEGEND } from './chart-script.js'
import { flowCharts, type FlowChart } from './flow-charts.js'
import { flowTable } from './flow-table.js'
import { FLOW_STYLE } from './flow-style.js'

/** What stands on a page beside the comparison. */
export interface FlowPageOptions {
  readonly title?: string
  /** The command that can be run again. */
  readonly command?: string
  readonly settings?: Readonly<Record<string, string>>
}

const OPTIONS: Checks<FlowPageOptions> = { title: aString, command: aString, settings: anObject() }

const LEGEND =
  'Point at a chart to read its values; drag over it to zoom in, and click twice to zoom out. The sliders move together ' +
  'through the time of training. This is one run from one seed, and gradients are those of single batches: they differ ' +
  'from one to the next.'

/**
 * The page, whole.
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
  const { SCRIPT, STYLE, LICENCE } = await import('#uplot')
  const { summary, twins: read } = readFlow(comparison)
  const charts = comparison.twins.map(twins => flowCharts(twins, comparison.stepsPerEpoch))
  return htmlPage({
    title,
    policy: "script-src 'unsafe-inline'",
    styles: [STYLE, REPORT_STYLE + FLOW_STYLE],
    body: [
      '<main>',
      `<h1>${escapeHtml(title)}</h1>`,
      ...(summary.length > 0 ? [`<div class="reading">${summary.map(paragraph).join('\n')}</div>`] : []),
      ...(command === undefined ? [] : [`<pre><code>${escapeHtml(command)}</code></pre>`]),
      flowTable(comparison),
      `<p class="muted">${escapeHtml(LEGEND)}</p>`,
      '<noscript><p>The charts are drawn by a script, which this browser does not run; words and table say the same.</p></noscript>',
      ...read.map(({ name, remarks }, i) => section(name, remarks, charts[i])),
      ...(Object.keys(settings).length > 0 ? [settingsSection(settings)] : []),
      '</main>',
      `<script type="application/json" id="charts">${inScript(JSON.stringify(charts.flat()))}</script>`,
      `<script>/*! uPlot\n${LICENCE.trim()}\n*/\n${SCRIPT}</script>`,
      `<script>${CHART_SCRIPT}</script>`
    ]
  })
}

function section(name: string, remarks: readonly string[], charts: readonly FlowChart[]): string {
  return [
    '<section>',
    `<h2>${escapeHtml(name)}</h2>`,
    `<div class="reading"><ul>${remarks.map(remark => `<li>${escapeProse(remark)}</li>`).join('\n')}</ul></div>`,
    `<div class="charts">\n${charts.map(figure).join('\n')}\n</div>`,
    '</section>'
  ].join('\n')
}

function figure({ title, note, xLabel, lines, frames }: FlowChart): string {
  const label = `${title} by ${xLabel}: ${lines.map(line => line.label).join(', ')}`
  return [
    '<figure class="chart">',
    `<figcaption><b>${escapeHtml(title)}</b>${note === undefined ? '' : `<small>${escapeHtml(note)}</small>`}</figcaption>`,
    `<div class="plot" role="img" aria-label="${escapeHtml(label)}"></div>`,
    ...said(lines.map(line => line.label)),
    ...(frames.length > 1
      ? [
          `<label class="slider">time <input type="range" min="0" max="${frames.length - 1}" value="0" step="1" ` +
            `aria-label="time of training">` +
            `<output>${escapeHtml(frames[0].caption)}</output></label>`
        ]
      : []),
    '</figure>'
  ].join('\n')
}

/** What stands below a chart whose lines are too many for a legend: the line that is pointed at, or how to read it. */
function said(labels: readonly string[]): string[] {
  if (labels.length <= MOST_IN_LEGEND) return []
  const [first, last] = [labels[0], labels[labels.length - 1]].map(escapeHtml)
  const rest = 'point at a line to read its block'
  return [
    `<div class="ramp"><span>${first}</span><i aria-hidden="true"></i><span>${last}</span></div>`,
    `<p class="said" data-rest="${rest}">${rest}</p>`
  ]
}

function settingsSection(settings: Readonly<Record<string, string>>): string {
  const rows = Object.entries(settings).map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`
  )
  return `<section>\n<h2>Settings</h2>\n<table class="settings"><tbody>${rows.join('\n')}</tbody></table>\n</section>`
}

function paragraph(text: string): string {
  return `<p>${escapeProse(text)}</p>`
}

/** JSON that no text in it can end, or begin another script with. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c')
}
