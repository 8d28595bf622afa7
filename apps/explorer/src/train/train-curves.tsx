// The two charts of a comparison: batch losses, and accuracies on held-out digits.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Pair } from '../lab/train.js'
import { useWords } from '../words/words.js'
import { Curves, type Curve } from './curves.js'
import { smoothed, stepsOf, type History } from './history.js'

interface Props {
  readonly history: History
  readonly names: Pair<string>
  /** The number of held-out digits, once known. */
  readonly heldBack: number | undefined
}

const LANES = [0, 1] as const

export function TrainCurves({ history, names, heldBack }: Props): JSX.Element {
  const { train: words } = useWords()
  const losses = useMemo(() => lossChart(history), [history])
  const accuracies = useMemo(() => accuracyChart(history), [history])
  return (
    <div class="charts">
      <p class="legend" aria-hidden="true">
        {names.map((name, lane) => (
          <span key={lane} class={`swatch lane-${lane}`}>
            {name}
          </span>
        ))}
      </p>
      <Curves
        title={words.loss}
        hint={words.lossHint}
        label={words.curveLabel(words.loss)}
        scale="loss"
        {...losses}
      />
      <Curves
        title={words.accuracy}
        hint={heldBack === undefined ? '' : words.accuracyHint(heldBack)}
        label={words.curveLabel(words.accuracy)}
        scale="percent"
        {...accuracies}
      />
    </div>
  )
}

interface Chart {
  readonly places: readonly number[]
  readonly curves: readonly Curve[]
}

function lossChart(history: History): Chart {
  const places = Array.from({ length: stepsOf(history) }, (_, i) => i + 1)
  // A logarithmic scale cannot show a loss of zero.
  const shown = (values: readonly number[]): (number | null)[] =>
    places.map((_, i) => (values[i] > 0 ? Math.log10(values[i]) : null))
  const curves = LANES.flatMap((lane): Curve[] => {
    const { losses } = history[lane]
    return [
      { style: { lane, look: 'faint' }, values: shown(losses) },
      { style: { lane, look: 'line' }, values: shown(smoothed(losses)) }
    ]
  })
  return { places, curves }
}

function accuracyChart(history: History): Chart {
  const measured = new Set(history.flatMap(({ accuracies }) => accuracies.map(({ after }) => after)))
  const places = [...measured].sort((a, b) => a - b)
  const curves = LANES.map((lane): Curve => {
    const byPlace = new Map(history[lane].accuracies.map(({ after, value }) => [after, 100 * value]))
    return { style: { lane, look: 'marked' }, values: places.map(place => byPlace.get(place) ?? null) }
  })
  return { places, curves }
}
