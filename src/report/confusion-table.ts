// A confusion matrix as a table one can take in; beyond a screenful, its most frequent mistakes.
import { className } from '../base/class-name.js'
import { classScores, type Confusion } from './class-scores.js'
import { confusedPairs } from './confused-pairs.js'
import { escapeHtml } from './escape-html.js'
import { counted, formatCount, formatShare } from './figures.js'

/** Matrices of more classes are not shown whole. */
export const LARGEST_TABLE = 30
const LISTED_PAIRS = 20

/** What was taken for what: a coloured table, or for many classes a list. */
export function confusionSection(confusion: Confusion, classes: readonly string[] = []): string {
  return confusion.length > LARGEST_TABLE ? pairList(confusion, classes) : table(confusion, classes)
}

function table(confusion: Confusion, classes: readonly string[]): string {
  const names = confusion.map((_, i) => escapeHtml(className(classes, i)))
  const scores = classScores(confusion, classes)
  const heads = names.map(name => `<th scope="col" class="upright"><span>${name}</span></th>`)
  const rows = confusion.map((row, i) => {
    const cells = row.map((count, j) => cell(count, scores[i].support, i === j, names[i], names[j]))
    return `<tr><th scope="row">${names[i]}</th>${cells.join('')}</tr>`
  })
  return [
    '<p>Rows are what images are, columns what they were taken for. ' +
      'The stronger a colour, the larger the share of its row; right ones are blue, mistakes orange.</p>',
    '<div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0"><table class="confusion">',
    `<thead><tr><td></td>${heads.join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody>`,
    '</table></div>'
  ].join('\n')
}

function cell(count: number, support: number, isRight: boolean, actual: string, predicted: string): string {
  if (count === 0) return '<td class="none">0</td>'
  const share = count / support
  // Mistakes are rare in a network worth looking at: a root lets few of them show.
  const strength = (isRight ? share : Math.cbrt(share)).toFixed(3)
  const title = `${actual} taken for ${predicted}: ${formatCount(count)} of ${formatCount(support)}`
  const look = isRight ? 'right' : 'wrong'
  return `<td class="${look}" style="--strength:${strength}" title="${title}">${formatCount(count)}</td>`
}

function pairList(confusion: Confusion, classes: readonly string[]): string {
  const pairs = confusedPairs(confusion, classes)
  if (pairs.length === 0) return '<p>No image was taken for another class.</p>'
  const items = pairs.slice(0, LISTED_PAIRS).map(({ actual, predicted, count, share }) => {
    const often = `${counted(count, 'time', 'times')}, ${formatShare(share)}`
    return `<li><b>${escapeHtml(actual)}</b> taken for <b>${escapeHtml(predicted)}</b>, ${often}</li>`
  })
  const intro =
    `The ${counted(items.length, 'most frequent mistake', 'most frequent mistakes')} of ` +
    `${counted(pairs.length, 'kind', 'kinds')} that occurred, and their share of the images of the class:`
  return `<p>${intro}</p>\n<ol class="pairs">${items.join('\n')}</ol>`
}
