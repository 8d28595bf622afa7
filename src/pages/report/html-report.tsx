// A training run as one self-contained page. Its tables hold what its charts show, for readers without scripts.
import { anObject, checkArguments } from '../../base/options.js'
import style from '#text/report/report.css'
import type { RunReport } from '../../train/record/record.js'
import { ChartData, ChartFigures, chartScripts } from '../charts/chart-figures.js'
import { renderPage } from '../page.js'
import { Command, Facts, Reading, Section } from '../parts.js'
import { readingOf } from './reading.js'
import { reportCharts } from './report-charts.js'
import { ClassTable, ConfusionSection, EpochsTable } from './report-tables.js'

/** The page. Parts for which a run has no data are left out. */
export function htmlReport(report: RunReport): string {
  checkArguments('htmlReport', { report }, { report: anObject<RunReport>('the report of a run', 'epochs') })
  const { title, command, epochs, classes = [], confusion = [], settings } = report
  const charts = reportCharts(report)
  const isCounted = confusion.some(row => row.some(count => count > 0))
  const { summary, remarks } = readingOf(report)
  return renderPage(
    { title, style, scripts: chartScripts(charts) },
    <>
      <main>
        <h1>{title}</h1>
        <Reading paragraphs={[summary]} items={remarks} />
        <Command text={command} />
        {charts.length > 0 && (
          <Section heading="Curves">
            <ChartFigures charts={charts} />
          </Section>
        )}
        {isCounted && (
          <>
            <Section heading="Confusion">
              <ConfusionSection confusion={confusion} classes={classes} />
            </Section>
            <Section heading="Classes">
              <ClassTable confusion={confusion} classes={classes} />
            </Section>
          </>
        )}
        {epochs.length > 0 && (
          <Section heading="Epochs">
            <EpochsTable epochs={epochs} />
          </Section>
        )}
        <Facts heading="Settings" facts={settings} />
      </main>
      <ChartData charts={charts} />
    </>
  )
}
