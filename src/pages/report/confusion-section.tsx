// A confusion matrix as a table; where that would be larger than a screen, its most frequent mistakes.
import type { JSX } from 'preact'
import { className } from '../../base/words.js'
import { counted, formatCount, formatShare } from '../../base/figures.js'
import { classScores, confusedPairs, type Confusion } from '../../train/record/confusion.js'
import { prose, Scrolling } from '../parts.js'

/** Matrices of more classes are not shown whole. */
export const LARGEST_TABLE = 30
const LISTED_PAIRS = 20

/** A confusion matrix, and the names of its classes. */
export interface Counted {
  readonly confusion: Confusion
  readonly classes: readonly string[]
}

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
                {row.map((count, j) => cell(count, scores[i].support, i === j, names[i], names[j]))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </>
  )
}

function cell(
  count: number,
  support: number,
  isRight: boolean,
  actual: string,
  predicted: string
): JSX.Element {
  if (count === 0) return <td class="none">0</td>
  const share = count / support
  // Mistakes are rare in a trained network: the cube root makes few of them visible.
  const strength = (isRight ? share : Math.cbrt(share)).toFixed(3)
  return (
    <td
      class={isRight ? 'right' : 'wrong'}
      style={`--strength:${strength}`}
      title={`${actual} taken for ${predicted}: ${formatCount(count)} of ${formatCount(support)}`}
    >
      {formatCount(count)}
    </td>
  )
}

function pairList({ confusion, classes }: Counted): JSX.Element {
  const pairs = confusedPairs(confusion, classes)
  if (pairs.length === 0) return <p>No image was taken for another class.</p>
  const listed = pairs.slice(0, LISTED_PAIRS)
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
