// The plain tables of a report: classes, epochs, settings.
import { classScores, worstFirst, type Confusion } from './class-scores.js'
import { LARGEST_TABLE } from './confusion-table.js'
import { escapeHtml } from './escape-html.js'
import { formatCount, formatLoss, formatRate, formatShare, NO_FIGURE } from './figures.js'
import { formatDuration } from './progress-line.js'
import { bestEpoch } from './reading.js'
import type { EpochRecord, RunReport } from './record.js'

const LISTED_CLASSES = 20

/** Precision, recall and support of each class; where there are many, of those found least. */
export function classTable(confusion: Confusion, classes: readonly string[] = []): string {
  const all = classScores(confusion, classes)
  const isLong = all.length > LARGEST_TABLE
  const scores = isLong ? worstFirst(all).slice(0, LISTED_CLASSES) : all
  const rows = scores.map(({ name, precision, recall, support }) => ({
    head: name,
    cells: [formatShare(precision), formatShare(recall), formatCount(support)]
  }))
  return [
    '<p>Precision: of the images taken for a class, the share that are of it. ' +
      'Recall: of the images of a class, the share that were found. Support: its images.' +
      `${isLong ? ` Shown are the ${scores.length} classes found least, of ${formatCount(all.length)}.` : ''}</p>`,
    tableOf('Classes', ['Class', 'Precision', 'Recall', 'Support'], rows)
  ].join('\n')
}

/** One row an epoch, the best one marked. */
export function epochsTable(epochs: readonly EpochRecord[]): string {
  const best = bestEpoch(epochs)
  const heads = [
    'Epoch',
    'Steps',
    'Learning rate',
    'Training loss',
    'Training accuracy',
    'Validation loss',
    'Validation accuracy',
    'Time',
    'Images/s'
  ]
  const rows = epochs.map(record => ({
    head: record === best && epochs.length > 1 ? `${record.epoch} ★` : String(record.epoch),
    isMarked: record === best && epochs.length > 1,
    cells: [
      formatCount(record.step),
      formatRate(record.learningRate),
      formatLoss(record.train.loss),
      formatShare(record.train.accuracy),
      record.validation ? formatLoss(record.validation.loss) : NO_FIGURE,
      formatShare(record.validation?.accuracy ?? NaN),
      record.seconds < 60 ? `${record.seconds.toFixed(1)} s` : formatDuration(record.seconds),
      formatCount(record.imagesPerSecond)
    ]
  }))
  const seconds = epochs.reduce((sum, record) => sum + record.seconds, 0)
  const star = best && epochs.length > 1 ? ' ★ marks the best epoch.' : ''
  return `<p>${formatDuration(seconds)} in all.${star}</p>\n${tableOf('Epochs', heads, rows)}`
}

/** What the run was asked to do. */
export function settingsTable({ settings }: RunReport): string {
  const rows = Object.entries(settings).map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`
  )
  return `<div class="scroll"><table class="settings"><tbody>${rows.join('\n')}</tbody></table></div>`
}

interface Row {
  readonly head: string
  readonly cells: readonly string[]
  readonly isMarked?: boolean
}

function tableOf(label: string, heads: readonly string[], rows: readonly Row[]): string {
  const columns = heads.map(head => `<th scope="col">${escapeHtml(head)}</th>`).join('')
  const body = rows.map(({ head, cells, isMarked }) => {
    const figures = cells.map(text => `<td>${escapeHtml(text)}</td>`).join('')
    return `<tr${isMarked ? ' class="best"' : ''}><th scope="row">${escapeHtml(head)}</th>${figures}</tr>`
  })
  return [
    `<div class="scroll" role="region" aria-label="${escapeHtml(label)}" tabindex="0"><table class="figures">`,
    `<thead><tr>${columns}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table></div>'
  ].join('\n')
}
