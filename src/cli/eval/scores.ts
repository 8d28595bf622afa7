// What `resnet eval` says of a measurement: for readers, and as JSON.
import { formatCount, formatLoss, formatShare } from '../../base/figures.js'
import { tableLines } from '../../base/table.js'
import type { Evaluated } from '../../train/evaluate.js'
import { classScores, isSeen, macroAverages, type Averages } from '../../train/record/confusion.js'
import { styled, terminalWidth, type Line } from '../terminal/output.js'

type Figures = Omit<Evaluated, 'labelConfusions'>

/** Of fewer outputs, all are among the first five. */
const FIVE = 5

/** Loss, top-1 and top-5, and a table of the classes that have images or were taken for one. */
export function measuredLines(
  title: string,
  { loss, accuracy = NaN, top5 = NaN, images, confusion }: Figures,
  classes: readonly string[],
  width = terminalWidth()
): Line[] {
  const scores = classScores(confusion, classes)
  const figures = (of: Averages): string[] => [of.precision, of.recall, of.f1].map(formatShare)
  const [head, ...rows] = tableLines(
    [
      ['class', 'precision', 'recall', 'F1', 'images'],
      ...scores.filter(isSeen).map(each => [each.name, ...figures(each), formatCount(each.support)]),
      ['mean of classes', ...figures(macroAverages(scores)), formatCount(images)]
    ],
    { left: 1, width }
  )
  return [
    `${title}: ${formatCount(images)}`,
    `loss   ${formatLoss(loss)}`,
    ['top-1  ', styled('bold', formatShare(accuracy))],
    ...(confusion.length > FIVE ? [`top-5  ${formatShare(top5)}`] : []),
    '',
    [styled('dim', head)],
    ...rows.slice(0, -1),
    [styled('bold', rows[rows.length - 1])]
  ]
}

/** All figures; `accuracy` is top-1. */
export function asJson(
  { loss, accuracy, top5, images, confusion }: Figures,
  classes: readonly string[]
): object {
  const scores = classScores(confusion, classes)
  return {
    images,
    loss,
    accuracy,
    top1: accuracy,
    top5,
    macro: macroAverages(scores),
    classes: scores,
    confusion
  }
}
