// The latest values of both networks: as a table, with their weights to save, and as announcements.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Pair } from '../lab/train.js'
import { Button } from '../page/controls.js'
import { useWords, type Words } from '../words/words.js'
import { gradientText, lossText, shareText } from './figures.js'
import { currentLoss, stepsOf, type History, type LaneHistory } from './history.js'
import type { RunView } from './training-run.js'

interface Props {
  readonly history: History
  readonly names: Pair<string>
  readonly onSave: (lane: 0 | 1) => void
}

interface Row {
  readonly name: Exclude<keyof Words['train']['values'], 'weights'>
  readonly valueOf: (lane: LaneHistory) => number | undefined
  readonly textOf: (value: number | undefined) => string
}

const ROWS: readonly Row[] = [
  { name: 'steps', valueOf: ({ losses }) => losses.length, textOf: String },
  { name: 'batchLoss', valueOf: ({ losses }) => losses.at(-1), textOf: lossText },
  { name: 'loss', valueOf: currentLoss, textOf: lossText },
  { name: 'accuracy', valueOf: ({ accuracies }) => accuracies.at(-1)?.value, textOf: shareText },
  { name: 'first', valueOf: ({ gradients }) => gradients.at(0), textOf: gradientText },
  { name: 'last', valueOf: ({ gradients }) => gradients.at(-1), textOf: gradientText }
]
const LANES = [0, 1] as const

export function LatestValues({ history, names, onSave }: Props): JSX.Element {
  const { train: words } = useWords()
  return (
    <table class="latest">
      <caption>{words.latest}</caption>
      <thead>
        <tr>
          <td />
          {LANES.map(lane => (
            <th key={lane} scope="col" class={`swatch lane-${lane}`}>
              {names[lane]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ name, valueOf, textOf }) => (
          <tr key={name}>
            <th scope="row">{words.values[name]}</th>
            {LANES.map(lane => {
              const value = valueOf(history[lane])
              return (
                <td key={lane}>
                  <data value={value}>{textOf(value)}</data>
                </td>
              )
            })}
          </tr>
        ))}
        <tr>
          <th scope="row">{words.values.weights}</th>
          {LANES.map(lane => (
            <td key={lane}>
              <Button
                isOff={history[lane].losses.length === 0}
                label={words.saveLabel(names[lane])}
                onClick={() => onSave(lane)}
              >
                {words.save}
              </Button>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  )
}

/** Milliseconds between two announcements of a running training. */
const GENTLE = 10_000

interface SummaryProps {
  readonly view: RunView
  readonly names: Pair<string>
}

/** Announcements of a run for screen readers: at once when its status changes, otherwise at intervals. */
export function LiveSummary({ view, names }: SummaryProps): JSX.Element {
  const { train: words } = useWords()
  const { status, history } = view
  const latest = useRef('')
  const made = stepsOf(history)
  const lanes = history.map((lane, at) => {
    const accuracy = lane.accuracies.at(-1)?.value
    return words.summary(
      names[at],
      lossText(currentLoss(lane)),
      accuracy === undefined ? words.unknown : shareText(accuracy)
    )
  })
  latest.current = [
    words.status[status],
    ...(made > 0 ? [words.progress(made, undefined), ...lanes] : [])
  ].join(' ')
  const [said, setSaid] = useState('')
  useEffect(() => {
    setSaid(latest.current)
    if (status !== 'running') return undefined
    const timer = setInterval(() => setSaid(latest.current), GENTLE)
    return () => clearInterval(timer)
  }, [status, words])
  return (
    <p class="visually-hidden" role="status">
      {said}
    </p>
  )
}
