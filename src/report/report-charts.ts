// The curves of a run: losses, accuracies, learning rate by epoch, and the losses of single batches.
import { formatLoss, formatRate, formatShare } from './figures.js'
import type { EpochRecord, Metrics, RunReport } from './record.js'
import { lineChart, type Chart, type ChartPoint, type ChartSeries } from './svg-chart.js'

// The smoothed curve looks back over this share of all batches.
const SMOOTHED_SHARE = 1 / 40

/** All charts that have something to show. */
export function reportCharts({ epochs, stepLosses = [] }: RunReport): string {
  const charts: Chart[] = [
    {
      title: 'Loss',
      xLabel: 'epoch',
      xTicks: 'whole',
      mayBeLogarithmic: true,
      series: trainAndValidation(epochs, ({ loss }) => ({ y: loss, shown: formatLoss(loss) }))
    },
    {
      title: 'Accuracy (%)',
      xLabel: 'epoch',
      xTicks: 'whole',
      series: accuracies(epochs)
    },
    {
      title: 'Learning rate',
      xLabel: 'epoch',
      xTicks: 'whole',
      series: [
        {
          name: 'at the end of the epoch',
          look: 'train',
          marked: true,
          points: epochs.map(({ epoch, learningRate }) => ({
            x: epoch,
            y: learningRate,
            title: `epoch ${epoch}: ${formatRate(learningRate)}`
          }))
        }
      ]
    },
    {
      title: 'Loss of single batches',
      xLabel: 'in the order of training',
      // A long run keeps every second loss, or every fourth: their numbers are no step numbers.
      xTicks: ['first', 'last'],
      mayBeLogarithmic: true,
      series: [
        { name: 'batch', look: 'faint', marked: false, points: numbered(stepLosses) },
        {
          name: 'smoothed',
          look: 'train',
          marked: false,
          derived: true,
          points: numbered(smoothed(stepLosses))
        }
      ]
    },
    {
      title: 'Length of the gradient, layer by layer',
      xLabel: 'from the first layer to the last',
      xTicks: 'whole',
      mayBeLogarithmic: true,
      series: gradients(epochs)
    }
  ]
  return charts.map(lineChart).join('\n')
}

/** What the first and the last epoch left: whether layers far from the loss learn, too. */
function gradients(epochs: readonly EpochRecord[]): ChartSeries[] {
  const known = epochs.filter(({ gradientNorms = {} }) => Object.keys(gradientNorms).length > 0)
  const ends = known.filter((_, i) => i === 0 || i === known.length - 1)
  return ends.map(({ epoch, gradientNorms = {} }, i) => ({
    name: `epoch ${epoch}`,
    look: i === 0 ? 'validation' : 'train',
    marked: true,
    points: Object.entries(gradientNorms).map(([layer, y], at) => ({
      x: at + 1,
      y,
      title: `${layer}, epoch ${epoch}: ${formatRate(y)}`
    }))
  }))
}

type Reader = (metrics: Metrics) => { readonly y: number; readonly shown: string }

function trainAndValidation(epochs: readonly EpochRecord[], read: Reader): ChartSeries[] {
  const points = (name: string, metrics: (record: EpochRecord) => Metrics | undefined): ChartPoint[] =>
    epochs.flatMap(record => {
      const measured = metrics(record)
      if (!measured) return []
      const { y, shown } = read(measured)
      return [{ x: record.epoch, y, title: `epoch ${record.epoch}, ${name}: ${shown}` }]
    })
  return [
    { name: 'training', look: 'train', marked: true, points: points('training', ({ train }) => train) },
    {
      name: 'validation',
      look: 'validation',
      marked: true,
      points: points('validation', ({ validation }) => validation)
    }
  ]
}

/** An accuracy that was never measured is no gap worth a note. */
function accuracies(epochs: readonly EpochRecord[]): ChartSeries[] {
  const read: Reader = ({ accuracy }) => ({ y: 100 * accuracy, shown: formatShare(accuracy) })
  return trainAndValidation(epochs, read).filter(({ points }) => points.some(({ y }) => Number.isFinite(y)))
}

function numbered(values: readonly number[]): ChartPoint[] {
  return values.map((y, i) => ({ x: i + 1, y }))
}

/** An exponential moving average of what is finite, without the pull of its start; gaps stay gaps. */
function smoothed(values: readonly number[]): number[] {
  const decay = 1 - 1 / Math.max(2, values.length * SMOOTHED_SHARE)
  let [sum, weight] = [0, 0]
  return values.map(value => {
    if (!Number.isFinite(value)) return NaN
    sum = decay * sum + (1 - decay) * value
    weight = decay * weight + (1 - decay)
    return sum / weight
  })
}
