// The tables of figures of a report: classes and epochs.
import type { JSX } from 'preact'
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatRate,
  formatShare,
  NO_FIGURE
} from '../../base/figures.js'
import { classScores, worstFirst } from '../../train/record/confusion.js'
import type { EpochRecord } from '../../train/record/record.js'
import { FigureTable } from '../parts.js'
import { LARGEST_TABLE, type Counted } from './confusion-section.js'
import { bestEpoch } from './reading.js'

const LISTED_CLASSES = 20
const EPOCH_HEADS = [
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

/** Precision, recall and support of each class; where there are many, of those found least. */
export function ClassTable({ confusion, classes }: Counted): JSX.Element {
  const all = classScores(confusion, classes)
  const isLong = all.length > LARGEST_TABLE
  const scores = isLong ? worstFirst(all).slice(0, LISTED_CLASSES) : all
  const rows = scores.map(({ name, precision, recall, support }) => ({
    head: name,
    cells: [formatShare(precision), formatShare(recall), formatCount(support)]
  }))
  return (
    <>
      <p>
        Precision: of the images taken for a class, the share that are of it. Recall: of the images of a
        class, the share that were found. Support: its images.
        {isLong && ` Shown are the ${scores.length} classes found least, of ${formatCount(all.length)}.`}
      </p>
      <FigureTable label="Classes" heads={['Class', 'Precision', 'Recall', 'Support']} rows={rows} />
    </>
  )
}

/** One row an epoch, the best one marked. */
export function EpochsTable({ epochs }: { readonly epochs: readonly EpochRecord[] }): JSX.Element {
  const best = epochs.length > 1 ? bestEpoch(epochs) : undefined
  const rows = epochs.map(record => ({
    head: record === best ? `${record.epoch} ★` : String(record.epoch),
    isMarked: record === best,
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
  return (
    <>
      <p>
        {formatDuration(seconds)} in all.{best && ' ★ marks the best epoch.'}
      </p>
      <FigureTable label="Epochs" heads={EPOCH_HEADS} rows={rows} />
    </>
  )
}
