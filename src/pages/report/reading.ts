// What a run has come to, in plain words. Every sentence states what the figures show; none is there by default.
import { counted, formatLoss, formatPoints, formatShare, shownPercent } from '../../base/figures.js'
import { abridge } from '../../base/words.js'
import { classScores, confusedPairs, worstFirst } from '../../train/record/confusion.js'
import type { EpochRecord, RunReport } from '../../train/record/record.js'

// A validation loss that wavers by less has not risen.
const RISEN = 1.05
// So many epochs must have passed since the lowest validation loss.
const PATIENCE = 2
const NAMED_CLASSES = 5

/** Reads a run as someone would who knows what to look for; remarks are what deserves a look. */
export function readingOf(report: RunReport): { readonly summary: string; readonly remarks: string[] } {
  const remarks = [notFinite, guessing, overfitting, stillLearning, confusions]
  return { summary: summaryOf(report), remarks: remarks.flatMap(remark => remark(report)) }
}

/** The epoch whose validation accuracy (without validation: training accuracy) is highest; the first of equals. */
export function bestEpoch(epochs: readonly EpochRecord[]): EpochRecord | undefined {
  const isMeasured = epochs.some(record => record.validation)
  const accuracyOf = ({ validation, train }: EpochRecord): number =>
    isMeasured ? (validation?.accuracy ?? NaN) : train.accuracy
  const known = epochs.filter(record => Number.isFinite(accuracyOf(record)))
  return known.toSorted((a, b) => accuracyOf(b) - accuracyOf(a)).at(0)
}

function summaryOf({ epochs, classes = [] }: RunReport): string {
  const last = epochs.at(-1)
  if (!last) return 'No epoch has been completed yet.'
  const measured = epochs.findLast(record => record.validation)
  const shown = measured ?? last
  const metrics = shown.validation ?? shown.train
  const images = measured ? 'images it was not trained on' : 'the images it was trained on'
  const after = `After ${counted(shown.epoch, 'epoch', 'epochs')}`
  const subject =
    classes.length > 1 ? `tells ${counted(classes.length, 'class', 'classes')} apart with` : 'reaches'
  return [
    Number.isFinite(metrics.accuracy)
      ? `${after} the network ${subject} ${formatShare(metrics.accuracy)} accuracy on ${images}.`
      : `${after} the loss on ${images} is ${formatLoss(metrics.loss)}.`,
    ...(measured ? [] : ['How well it does on other images was not measured.']),
    ...(measured && measured !== last ? [`Epoch ${last.epoch} was not measured.`] : []),
    ...best(epochs, shown),
    ...(measured?.validation ? gap(measured.train.accuracy, measured.validation.accuracy) : [])
  ].join(' ')
}

function best(epochs: readonly EpochRecord[], shown: EpochRecord): string[] {
  const record = bestEpoch(epochs)
  if (!record || epochs.length < 2) return []
  if (record === shown) return ['This is its best epoch so far.']
  return [`Best: epoch ${record.epoch}, ${formatShare((record.validation ?? record.train).accuracy)}.`]
}

function gap(train: number, validation: number): string[] {
  if (!Number.isFinite(train) || !Number.isFinite(validation)) return []
  // Of the figures as shown, so that a reader who subtracts them agrees.
  const points = shownPercent(train) - shownPercent(validation)
  const size = formatPoints(Math.abs(points))
  const verdict = points > 0 ? `a gap of ${size} points` : `${size} points lower`
  if (Math.abs(points) < 1e-6) return [`Training accuracy is ${formatShare(train)}: there is no gap.`]
  return [`Training accuracy is ${formatShare(train)}: ${verdict}.`]
}

function notFinite({ epochs, stepLosses = [] }: RunReport): string[] {
  const advice = 'A lower learning rate, a warm-up or clipped gradients may help.'
  const train = epochs.find(record => !Number.isFinite(record.train.loss))
  if (train) return [`The training loss of epoch ${train.epoch} is not finite: the run diverged. ${advice}`]
  const validation = epochs.find(record => record.validation && !Number.isFinite(record.validation.loss))
  if (validation) {
    return [`The validation loss of epoch ${validation.epoch} is not finite, though the training loss is.`]
  }
  if (stepLosses.every(Number.isFinite)) return []
  return [`Losses of single batches are not finite: the run diverges. ${advice}`]
}

function guessing({ epochs, classes = [] }: RunReport): string[] {
  const last = epochs.at(-1)
  if (!last || classes.length < 2) return []
  const { accuracy } = last.validation ?? last.train
  if (!(accuracy <= 1.1 / classes.length)) return []
  const odds = `right ${formatShare(1 / classes.length)} of the time if all classes were equally frequent`
  return [`Guessing would be ${odds}: little is learnt yet.`]
}

function overfitting({ epochs }: RunReport): string[] {
  const measured = epochs.flatMap(({ epoch, train, validation }) =>
    validation && Number.isFinite(validation.loss) && Number.isFinite(train.loss)
      ? [{ epoch, train: train.loss, validation: validation.loss }]
      : []
  )
  const last = measured.at(-1)
  if (!last) return []
  const lowest = measured.reduce((low, record) => (record.validation < low.validation ? record : low))
  const isLongAgo = last.epoch - lowest.epoch >= PATIENCE
  if (!isLongAgo || last.validation < RISEN * lowest.validation || last.train >= lowest.train) return []
  const from = (before: number, now: number): string => `from ${formatLoss(before)} to ${formatLoss(now)}`
  return [
    `Since epoch ${lowest.epoch} the validation loss has risen ${from(lowest.validation, last.validation)}, ` +
      `while the training loss fell ${from(lowest.train, last.train)}: the network is over-fitting. ` +
      'More data, more augmentation, more weight decay or fewer epochs may help.'
  ]
}

function stillLearning({ epochs }: RunReport): string[] {
  const last = epochs.at(-1)
  const before = epochs.slice(0, -1).flatMap(({ validation }) => (validation ? [validation] : []))
  const now = last?.validation
  if (!now || before.length === 0 || !epochs.every(({ train }) => Number.isFinite(train.loss))) return []
  const isBest = before.every(({ loss, accuracy }) => now.loss < loss && now.accuracy > accuracy)
  return isBest ? ['The last epoch was better than every one before: more epochs may help.'] : []
}

function confusions({ confusion = [], classes }: RunReport): string[] {
  const scores = classScores(confusion, classes)
  const images = scores.reduce((sum, { support }) => sum + support, 0)
  if (images === 0) return []
  const pairs = confusedPairs(confusion, classes)
  if (pairs.length === 0)
    return [`None of ${counted(images, 'image', 'images')} was taken for another class.`]
  const [{ actual, predicted, count, share }] = pairs
  const others = pairs.filter(pair => pair.count === count).length - 1
  const asOften = others === 0 ? '' : `; ${counted(others, 'other pair', 'other pairs')} as often`
  const [worst, next] = worstFirst(scores)
  const unfound = scores.filter(score => score.support > 0 && score.predicted === 0).map(({ name }) => name)
  return [
    `Most frequent confusion: ${actual} taken for ${predicted}, ${counted(count, 'time', 'times')} ` +
      `(${formatShare(share)} of its images)${asOften}.`,
    ...(next && worst.recall < next.recall
      ? [`Hardest class: ${worst.name}, of which ${formatShare(worst.recall)} were found.`]
      : []),
    ...(unfound.length > 0 ? [`Never predicted: ${abridge(unfound, NAMED_CLASSES)}.`] : [])
  ]
}
