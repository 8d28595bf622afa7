// The curves of a run: losses, accuracies, learning rate by epoch, the losses of single batches, and gradients by layer.
import type { EpochRecord, Metrics, RunReport } from '../../train/record/record.js'
import { chartOf, numbersTo, type Chart, type ChartPlan } from '../charts/chart.js'

/** The smoothed curve looks back over this share of all batches. */
const SMOOTHED_SHARE = 1 / 40

/** All charts that have something to show. */
export function reportCharts({ epochs, stepLosses = [] }: RunReport): Chart[] {
  const losses = ofBoth(({ loss }) => loss)
  // An accuracy that was never measured is no gap worth a note.
  const accuracies = ofBoth(({ accuracy }) => (Number.isNaN(accuracy) ? null : 100 * accuracy))
  return [
    byEpoch('Loss', 'fitting', epochs, losses),
    byEpoch('Accuracy (%)', 'linear', epochs, accuracies),
    byEpoch('Learning rate', 'linear', epochs, { 'at the end of the epoch': each => each.learningRate }),
    batchLosses(stepLosses),
    gradients(epochs)
  ].flatMap(plan => chartOf(plan) ?? [])
}

/** By line. */
type Readings = Readonly<Record<string, (record: EpochRecord) => number | null>>

function ofBoth(read: (metrics: Metrics) => number | null): Readings {
  return {
    training: ({ train }) => read(train),
    validation: ({ validation }) => (validation ? read(validation) : null)
  }
}

function byEpoch(
  title: string,
  scale: ChartPlan['scale'],
  epochs: readonly EpochRecord[],
  readings: Readings
): ChartPlan {
  const lines = Object.entries(readings).map(([label, read], i) => {
    return { label, look: i === 0 ? 'first' : 'second', marked: true, values: [epochs.map(read)] } as const
  })
  return { title, xLabel: 'epoch', x: epochs.map(({ epoch }) => epoch), scale, lines }
}

function batchLosses(stepLosses: readonly number[]): ChartPlan {
  return {
    title: 'Loss per batch',
    xLabel: 'batches in order of training',
    x: numbersTo(stepLosses.length),
    // A long run keeps every second or fourth loss, so their indices are not step numbers.
    ends: ['first', 'last'],
    scale: 'fitting',
    lines: [
      { label: 'each', look: 'faint', values: [stepLosses] },
      { label: 'smoothed', look: 'first', values: [smoothed(stepLosses)] }
    ]
  }
}

/** Of the first and the last epoch: whether layers far from the loss learn, too. */
function gradients(epochs: readonly EpochRecord[]): ChartPlan {
  const known = epochs.filter(({ gradientNorms = {} }) => Object.keys(gradientNorms).length > 0)
  const ends = known.filter((_, i) => i === 0 || i === known.length - 1)
  const names = [...new Set(ends.flatMap(({ gradientNorms = {} }) => Object.keys(gradientNorms)))]
  return {
    title: 'Gradient norm by layer',
    xLabel: 'layer, first to last',
    x: numbersTo(names.length),
    names,
    scale: 'fitting',
    lines: ends.map(({ epoch, gradientNorms = {} }, i) => ({
      label: `epoch ${epoch}`,
      look: i === 0 ? 'second' : 'first',
      marked: true,
      values: [names.map(name => gradientNorms[name] ?? null)]
    }))
  }
}

/** An exponential moving average of what is finite, without the pull of its start; gaps stay gaps. */
function smoothed(values: readonly number[]): (number | null)[] {
  const decay = 1 - 1 / Math.max(2, values.length * SMOOTHED_SHARE)
  let [sum, weight] = [0, 0]
  return values.map(value => {
    if (!Number.isFinite(value)) return null
    sum = decay * sum + (1 - decay) * value
    weight = decay * weight + (1 - decay)
    return sum / weight
  })
}
