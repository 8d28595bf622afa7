// The tables of a report: the confusion matrix (where that would be larger than a screen, its most frequent mistakes), the
// classes and the epochs.
import type { JSX } from 'preact'
import { className } from '../../base/words.js'
import {
  counted,
  formatCount,
  formatDuration,
  formatLoss,
  formatRate,
  formatShare,
  NO_FIGURE
} from '../../base/figures.js'
import { FigureTable, prose, Scrolling } from '../parts.js'
import { classScores, confusedPairs, worstFirst } from '../../train/record/confusion.js'
import type { EpochRecord, RunReport } from '../../train/record/record.js'
import { bestEpoch } from './reading.js'

/** Matrices of more classes are not shown whole. */
const LARGEST_TABLE = 30
/** Of more pairs or classes, so many are listed. */
const LISTED = 20

type Counted = Required<Pick<RunReport, 'confusion' | 'classes'>>

/** A coloured table, or for many classes a list. */
export function ConfusionSection(counts: Counted): JSX.Element {
  return counts.confusion.length > LARGEST_TABLE ? pairList(counts) : table(counts)
}

function table({ confusion, classes }: Counted): JSX.Element {
  const names = confusion.map((_, i) => className(classes, i))
  const scores = classScores(confusion, classes)
  return (
    <>
      <p>
        Rows are actual classes, columns predicted ones. The stronger a colour, the larger the share of its
        row; correct predictions are blue, mistakes orange.
      </p>
      <Scrolling label="Confusion matrix">
        <table class="confusion">
          <thead>
            <tr>
              <td />
              {names.map(name => (
                <th scope="col" class="upright">
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {confusion.map((row, i) => (
              <tr>
                <th scope="row">{names[i]}</th>
                {row.map((count, j) =>
                  cell(count, scores[i].support, i === j, `${names[i]} taken for ${names[j]}`)
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </>
  )
}

function cell(count: number, support: number, isRight: boolean, what: string): JSX.Element {
  if (count === 0) return <td class="none">0</td>
  const share = count / support
  // Mistakes are rare in a trained network: the cube root makes few of them visible.
  const strength = (isRight ? share : Math.cbrt(share)).toFixed(3)
  return (
    <td
      class={isRight ? 'right' : 'wrong'}
      style={`--strength:${strength}`}
      title={`${what}: ${formatCount(count)} of ${formatCount(support)}`}
    >
      {formatCount(count)}
    </td>
  )
}

function pairList({ confusion, classes }: Counted): JSX.Element {
  const pairs = confusedPairs(confusion, classes)
  if (pairs.length === 0) return <p>No image was taken for another class.</p>
  const listed = pairs.slice(0, LISTED)
  return (
    <>
      <p>
        The {counted(listed.length, 'most frequent mistake', 'most frequent mistakes')} of{' '}
        {counted(pairs.length, 'kind', 'kinds')} that occurred, and their share of the images of the class:
      </p>
      <ol class="pairs">
        {listed.map(({ actual, predicted, count, share }) => (
          <li>
            <b>{actual}</b> taken for <b>{predicted}</b>, {counted(count, 'time', 'times')},{' '}
            {prose(formatShare(share))}
          </li>
        ))}
      </ol>
    </>
  )
}

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
  const scores = isLong ? worstFirst(all).slice(0, LISTED) : all
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
