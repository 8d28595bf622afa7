// A training run as one page that opens from a disk: no script, nothing fetched, and a policy that forbids both.
import { confusionSection } from './confusion-table.js'
import { escapeHtml, escapeProse } from './escape-html.js'
import { htmlPage } from './html-page.js'
import { readingOf } from './reading.js'
import type { RunReport } from './record.js'
import { reportCharts } from './report-charts.js'
import { REPORT_STYLE } from './report-style.js'
import { classTable, epochsTable, settingsTable } from './report-tables.js'

/** The page, whole. What a run has nothing to say about is left out. */
export function htmlReport(report: RunReport): string {
  const { title, command, epochs, classes, confusion = [], settings } = report
  const charts = reportCharts(report)
  const isCounted = confusion.some(row => row.some(count => count > 0))
  return htmlPage({
    title,
    styles: [REPORT_STYLE],
    body: [
      '<main>',
      `<h1>${escapeHtml(title)}</h1>`,
      reading(report),
      ...(command === undefined ? [] : [`<pre><code>${escapeHtml(command)}</code></pre>`]),
      ...(charts === '' ? [] : [section('Curves', `<div class="charts">\n${charts}\n</div>`)]),
      ...(isCounted
        ? [
            section('What was taken for what', confusionSection(confusion, classes)),
            section('Classes', classTable(confusion, classes))
          ]
        : []),
      ...(epochs.length === 0 ? [] : [section('Epochs', epochsTable(epochs))]),
      ...(Object.keys(settings).length === 0 ? [] : [section('Settings', settingsTable(report))]),
      '</main>'
    ]
  })
}

function reading(report: RunReport): string {
  const { summary, remarks } = readingOf(report)
  const items = remarks.map(remark => `<li>${escapeProse(remark)}</li>`)
  const list = items.length === 0 ? '' : `\n<ul>${items.join('\n')}</ul>`
  return `<div class="reading"><p>${escapeProse(summary)}</p>${list}</div>`
}

function section(heading: string, content: string): string {
  return `<section>\n<h2>${escapeHtml(heading)}</h2>\n${content}\n</section>`
}
